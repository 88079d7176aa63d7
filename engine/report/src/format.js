// Numbers, distances, shares and dates as people read them. Unknown is a dash, never 0.
import { h } from './dom.js';
import { language, t } from './words.js';

const digits = (value, places = 0) =>
  value.toLocaleString(language() === 'ja' ? 'ja-JP' : 'en-US', { minimumFractionDigits: places, maximumFractionDigits: places });

export const DASH = '—';
export const count = (value) => (value === null ? DASH : digits(value));

/** People: whole ones; what is there but less than one is said so. */
export function people(value) {
  if (value === null) return DASH;
  if (value > 0 && value < 0.5) return t('people_below_one');
  return t('people', digits(Math.round(value)));
}
export const metres = (value) =>
  value === null ? DASH : value >= 10000 ? `${digits(value / 1000, 1)} km` : `${digits(Math.round(value))} m`;
export const minutes = (value) => (value === null ? DASH : t('minutes', digits(Math.round(value))));
export const share = (value, places = 1) => (value === null ? DASH : `${digits(value * 100, places)} %`);
export const plain = (value, places = 1) => (value === null ? DASH : digits(value, Number.isInteger(value) ? 0 : places));
export const signed = (value, write = (v) => digits(Math.round(v))) =>
  value === null ? DASH : (value > 0 ? '+' : value < 0 ? '−' : '±') + write(Math.abs(value));
export const text = (value) => (value === null || value === '' ? DASH : value);
export const yes_no = (value) => (value === null ? DASH : t(value ? 'yes' : 'no'));

/** The value as shown, with the exact one beside it for those who read pages by machine. */
export const exact = (value, shown) => (value === null ? shown : h('data', { value }, shown));
