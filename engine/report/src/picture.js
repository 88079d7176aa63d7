// Many cells or streets as one picture under the map: 60,000 polygons as vectors take a browser ten seconds, as a canvas a
// tenth of one. From the zoom on where a dot of the picture is a dot of the screen, vectors of what is in view follow.
import { bounds, mercator } from './geometry.js';

const DOTS = 3_500_000; // of a canvas
const SIDE = 4096;

/** Canvas with its corners, and the zoom up to which it is sharp. paint(context, x, y, dot): x and y turn degrees into
 * dots, dot is how wide one is, in metres. Null: nothing to paint. */
export function picture(shapes, paint) {
  const box = bounds(shapes);
  if (!box) return null;
  const [west, south, east, north] = box;
  const top = mercator(north);
  const width = Math.max(east - west, 1e-5);
  const height = Math.max(top - mercator(south), 1e-5);
  const scale = Math.min(SIDE / width, SIDE / height, Math.sqrt(DOTS / (width * height)), 1e6);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.ceil(width * scale));
  canvas.height = Math.max(1, Math.ceil(height * scale));
  const metres = (111320 * Math.cos((((south + north) / 2) * Math.PI) / 180)) / scale;
  paint(canvas.getContext('2d'), (lon) => (lon - west) * scale, (lat) => (top - mercator(lat)) * scale, metres);
  const right = west + canvas.width / scale;
  const low = south_of(top - canvas.height / scale);
  return {
    canvas,
    coordinates: [[west, north], [right, north], [right, low], [west, low]],
    sharp_zoom: Math.log2((scale * 360) / 512),
  };
}

const south_of = (y) => (Math.atan(Math.exp((y * Math.PI) / 180)) * 360) / Math.PI - 90;

const AT_ONCE = 64; // shapes of one path: what a browser takes for a path grows faster than its shapes

/** Polygons by colour. rows_of: Map colour -> records. Boxes along the axes, as cells of a grid are, go as whole dots, so
 * that neighbours meet; others get an edge of their own colour for the same reason. */
export function paint_polygons(shapes, rows_of) {
  return (context, x, y) => {
    context.lineWidth = 0.7;
    for (const [colour, rows] of rows_of) {
      context.fillStyle = context.strokeStyle = colour;
      const path = path_of((p) => {
        context.fill(p, 'evenodd');
        context.stroke(p);
      });
      for (const i of rows) {
        const box = box_of(shapes, i, x, y);
        if (box) context.fillRect(...box);
        else for (let p = shapes.part_start[i]; p < shapes.part_start[i + 1]; p++) trace(path.next(), shapes, p, x, y, true);
      }
      path.end();
    }
  };
}

/* A path that is drawn whenever it has shapes enough. */
function path_of(draw) {
  let path = new Path2D();
  let count = 0;
  const end = () => {
    if (count) draw(path);
    path = new Path2D();
    count = 0;
  };
  const next = () => {
    if (count === AT_ONCE) end();
    count++;
    return path;
  };
  return { next, end };
}

/* [left, top, width, height] in whole dots of a polygon of four corners whose sides run along the axes; else null. */
function box_of(shapes, record, x, y) {
  const part = shapes.part_start[record];
  const from = shapes.vertex_start[part];
  if (shapes.part_start[record + 1] - part !== 1 || shapes.vertex_start[part + 1] - from !== 4) return null;
  const xs = [0, 1, 2, 3].map((v) => x(shapes.lon[from + v]));
  const ys = [0, 1, 2, 3].map((v) => y(shapes.lat[from + v]));
  const even = (v, a, b) => Math.abs(v[a] - v[b]) < 0.5;
  const is_box = (even(xs, 0, 1) && even(ys, 1, 2) && even(xs, 2, 3) && even(ys, 3, 0)) || (even(ys, 0, 1) && even(xs, 1, 2) && even(ys, 2, 3) && even(xs, 3, 0));
  if (!is_box) return null;
  const [left, top] = [Math.round(Math.min(...xs)), Math.round(Math.min(...ys))];
  return [left, top, Math.max(1, Math.round(Math.max(...xs)) - left), Math.max(1, Math.round(Math.max(...ys)) - top)];
}

/** Lines by colour, `metres` wide and at least a dot. */
export function paint_lines(shapes, rows_of, metres) {
  return (context, x, y, dot) => {
    context.lineWidth = Math.max(1.2, metres / dot);
    context.lineCap = 'round';
    for (const [colour, rows] of rows_of) {
      context.strokeStyle = colour;
      const path = path_of((p) => context.stroke(p));
      for (const i of rows)
        for (let p = shapes.part_start[i]; p < shapes.part_start[i + 1]; p++) trace(path.next(), shapes, p, x, y, false);
      path.end();
    }
  };
}

function trace(path, shapes, part, x, y, is_closed) {
  const from = shapes.vertex_start[part];
  path.moveTo(x(shapes.lon[from]), y(shapes.lat[from]));
  for (let v = from + 1; v < shapes.vertex_start[part + 1]; v++) path.lineTo(x(shapes.lon[v]), y(shapes.lat[v]));
  if (is_closed) path.closePath();
}
