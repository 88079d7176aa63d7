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

/** Polygons by colour. rows_of: Map colour -> records. */
export function paint_polygons(shapes, rows_of) {
  return (context, x, y) => {
    for (const [colour, rows] of rows_of) {
      const path = new Path2D();
      for (const i of rows)
        for (let p = shapes.part_start[i]; p < shapes.part_start[i + 1]; p++) trace(path, shapes, p, x, y, true);
      context.fillStyle = colour;
      context.fill(path, 'evenodd');
    }
  };
}

/** Lines by colour, `metres` wide and at least a dot. */
export function paint_lines(shapes, rows_of, metres) {
  return (context, x, y, dot) => {
    context.lineWidth = Math.max(1.2, metres / dot);
    context.lineCap = 'round';
    for (const [colour, rows] of rows_of) {
      const path = new Path2D();
      for (const i of rows)
        for (let p = shapes.part_start[i]; p < shapes.part_start[i + 1]; p++) trace(path, shapes, p, x, y, false);
      context.strokeStyle = colour;
      context.stroke(path);
    }
  };
}

function trace(path, shapes, part, x, y, is_closed) {
  const from = shapes.vertex_start[part];
  path.moveTo(x(shapes.lon[from]), y(shapes.lat[from]));
  for (let v = from + 1; v < shapes.vertex_start[part + 1]; v++) path.lineTo(x(shapes.lon[v]), y(shapes.lat[v]));
  if (is_closed) path.closePath();
}
