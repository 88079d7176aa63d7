// The layers of a run as window.kayoi holds them: columns, and shapes behind each other (engine/io/report_script.h).

export const run = () => window.kayoi?.run ?? null;

/** One layer, read by column and record. */
export class Layer {
  constructor(raw) {
    this.name = raw.layer;
    this.alias = raw.alias;
    this.count = raw.count;
    this.columns = raw.columns;
    this.raw = raw.shapes ?? null;
    this.decoded = null;
  }

  has(column) {
    return Object.hasOwn(this.columns, column);
  }

  /** Text, number or boolean; null: unknown, or there is no such column. */
  value(column, record) {
    if (!this.has(column)) return null;
    const of = this.columns[column];
    if (of.dictionary) return of.codes[record] < 0 ? null : of.dictionary[of.codes[record]];
    if (of.flags) return of.flags[record] < 0 ? null : of.flags[record] === 1;
    return of.values[record];
  }

  /** The Japanese word of a code; null when it has none. */
  wordOf(column, code) {
    const words = this.has(column) ? this.columns[column].words : null;
    return words && Object.hasOwn(words, code) ? words[code] : null;
  }

  alias_of(column) {
    return this.has(column) ? this.columns[column].alias : column;
  }

  get shapes() {
    if (this.raw && !this.decoded) this.decoded = decode(this.raw, this.count);
    return this.decoded;
  }

  /** Records that a test holds for. */
  rows(test = () => true) {
    const rows = [];
    for (let i = 0; i < this.count; i++) if (test(i)) rows.push(i);
    return rows;
  }
}

const layers = new Map();

/** The layer, once its script was read; null: the run does not have it, or it is still to come. */
export function layer(name) {
  if (!layers.has(name)) {
    const raw = window.kayoi?.layers?.[name];
    if (!raw) return null;
    layers.set(name, new Layer(raw));
  }
  return layers.get(name);
}

/** Reads scripts of layers, one behind the other; a script that is not there is no layer. Resolves with the names that came. */
export function load(names) {
  return Promise.all(
    names.map(
      (name) =>
        new Promise((done) => {
          const script = document.createElement('script');
          script.src = `data/${name}.js`;
          script.async = false;
          script.onload = () => done(name);
          script.onerror = () => done(null);
          document.head.append(script);
        }),
    ),
  ).then((came) => came.filter(Boolean));
}

function decode(raw, count) {
  const unit = 10 ** -raw.decimals;
  const is_point = raw.kind === 'point';
  const part_count = raw.parts.reduce((sum, n) => sum + n, 0);
  const part_start = new Uint32Array(count + 1);
  const vertex_start = new Uint32Array(part_count + 1);
  for (let i = 0; i < count; i++) part_start[i + 1] = part_start[i] + raw.parts[i];
  for (let p = 0; p < part_count; p++) vertex_start[p + 1] = vertex_start[p] + (is_point ? 1 : raw.sizes[p]);
  const vertex_count = vertex_start[part_count];
  const lon = new Float64Array(vertex_count);
  const lat = new Float64Array(vertex_count);
  let x = 0;
  let y = 0;
  for (let v = 0; v < vertex_count; v++) {
    x += raw.xy[2 * v];
    y += raw.xy[2 * v + 1];
    lon[v] = x * unit;
    lat[v] = y * unit;
  }
  raw.xy = null; // the arrays above take its place
  return { kind: raw.kind, count, part_start, vertex_start, holes: raw.holes ?? null, lon, lat };
}
