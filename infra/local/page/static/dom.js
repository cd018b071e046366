const svgNamespace = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

/** An element with a class and children; text becomes text, never markup. */
export function element(name, className = '', ...children) {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

export function svg(name, attributes = {}) {
  const made = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Sets a text only where it is another: what a person has selected stays selected. An empty one keeps its line. */
export function setText(target, text) {
  const shown = text === '' ? '\u00a0' : String(text);
  if (target.textContent !== shown) target.textContent = shown;
}

export function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
}

/** So many rows with so many cells, made once: rows are filled and emptied, and nothing below them moves. */
export function fixedRows(body, rows, cells) {
  return Array.from({ length: rows }, () => {
    const row = element('tr');
    const made = cells.map(([label, className]) => {
      const cell = element('td', className);
      cell.dataset.label = label;
      row.append(cell);
      return cell;
    });
    body.append(row);
    return { row, cells: made };
  });
}

/** Fills one of the fixed rows; without texts it is empty. */
export function fillRow({ row, cells }, texts) {
  row.classList.toggle('empty', texts === undefined);
  cells.forEach((cell, index) => setText(cell, texts?.[index] ?? ''));
}
