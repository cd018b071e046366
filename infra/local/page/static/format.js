/** `12,345` */
export const count = (value) => value.toLocaleString('en-US');

/** `1 subject`, `2 subjects` */
export const counted = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** `14:03:22`, in the browser's own time zone. */
export const time = (ms) => new Date(ms).toLocaleTimeString('en-GB');

/** `71 %`; below one percent with one decimal, so that little is not nothing. */
export const percent = (share) =>
  `${share > 0 && share < 0.01 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;

/** `0.4 s`, `42 s`, `3 min`: as exact as a person wants it. */
export function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** What is left of a time: `1:07`, `2:00:00`. */
export function countdown(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] > 0 ? parts : parts.slice(1);
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
