// What is shown now: language, tab, year, scenario, places added, what is chosen. It stands in the address (#...), so a
// page can be opened as somebody left it; whoever shows a part listens for its changes.
import { set_language } from './words.js';

export const state = { lang: 'ja', tab: 'summary', year: 0, change: 0, k: 3, chosen: null, shown: {}, base: 'cells', band: 0 };
const listeners = [];

/** what: names of members that changed. */
export function on_change(listener) {
  listeners.push(listener);
}

export function set(changes) {
  const what = Object.keys(changes).filter((key) => state[key] !== changes[key]);
  if (what.length === 0) return;
  Object.assign(state, changes);
  if (what.includes('lang')) set_language(state.lang);
  write_address();
  for (const listener of listeners) listener(what);
}

function write_address() {
  const parts = [];
  if (state.lang !== 'ja') parts.push(`lang=${state.lang}`);
  if (state.tab !== 'summary') parts.push(`tab=${state.tab}`);
  if (state.chosen) parts.push(`at=${state.chosen.kind}:${state.chosen.record}`);
  try {
    history.replaceState(null, '', parts.length ? `#${parts.join('&')}` : location.pathname + location.search);
  } catch {
    // some viewers do not let a file change its address; nothing depends on it
  }
}

export function read_address(tabs) {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.get('lang') === 'en') state.lang = 'en';
  if (tabs.includes(given.get('tab'))) state.tab = given.get('tab');
  set_language(state.lang);
  const at = /^([a-z]+):(\d+)$/.exec(given.get('at') ?? '');
  return at ? { kind: at[1], record: Number(at[2]) } : null;
}
