// Colours that the colour-blind tell apart (Okabe and Ito 2008, and steps between them): blue is within walking range,
// orange is not. Nothing is told by colour alone: shapes, numbers and words go with it.

import { run } from './data.js';

export const INK = '#1b2733';
export const PAPER = '#f6f5f1';
const NEAR = ['#0b5394', '#56a6d8', '#a8d4f0'];
const FAR = ['#fbe3ad', '#f0a13a', '#c9560c'];

/** Classes of walking distance: within each band, farther, no way, unknown. [{ to, colour, inside, key }], metres. */
export function distance_classes(bands, primary) {
  const inside = bands.filter((b) => b <= primary);
  const outside = bands.filter((b) => b > primary);
  const last = bands.at(-1);
  const near = inside.length === 1 ? [NEAR[1]] : NEAR;
  const classes = inside.map((to, i) => ({ to, colour: near[Math.min(i, near.length - 1)], inside: true }));
  const steps = [...outside, last * 2, Infinity].slice(-3);
  steps.forEach((to, i) => classes.push({ to, colour: FAR[i + 3 - steps.length], inside: false }));
  return classes;
}

export const UNREACHABLE = '#4a4a4a';
export const UNKNOWN = '#cfcfcf';
export const SERVICE = ['#0b5394', '#56a6d8', '#a8d4f0', '#d4e9f7'];
export const VENUE = '#08306b';
export const EXCLUDED = '#6b6b6b';
export const SITE = '#009e73';
export const SELECTED = '#cc79a7';
export const GAP_RANKS = [
  { to: 5, colour: '#b34700' },
  { to: 15, colour: '#e08214' },
  { to: Infinity, colour: '#fbc98a' },
];
/** Colours of codes are those of every style of the run (engine/core/palette.c); they come with the data. */
export const code_colour = (column, code) => run()?.colours?.find((c) => c.column === column && c.code === code)?.colour ?? UNKNOWN;
export const REMEDIES = ['new_venue', 'transit', 'mobility_support', 'outreach'];
export const SHARES = [
  { to: 0.2, colour: '#edf3f8' },
  { to: 0.4, colour: '#c6dbef' },
  { to: 0.6, colour: '#8fbfe0' },
  { to: 0.8, colour: '#4a90c4' },
  { to: Infinity, colour: '#1f5f99' },
];
export const GAINED = '#0072b2';
export const LOST = '#d55e00';
export const RESOURCE = '#7a5c2e';
export const SERIES = ['#0072b2', '#d55e00', '#009e73', '#8a4fa3'];
export const PARTS = { target_too_far: '#d55e00', target_no_seats: '#f0a13a', target_within_reach: '#56a6d8', target_unknown: '#cfcfcf' };

export const class_of = (classes, value) => classes.find((c) => value <= c.to) ?? classes.at(-1);
