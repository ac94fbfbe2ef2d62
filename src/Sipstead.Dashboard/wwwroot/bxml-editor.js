// Line numbers beside the text area of the BXML editor, and the caret where an error is. Without it the editor is a plain text area.
const marked = new WeakMap();

export function attach(area, gutter) {
  area.addEventListener('input', () => write(area, gutter));
  area.addEventListener('scroll', () => { gutter.scrollTop = area.scrollTop; });
  write(area, gutter);
}

export function number(area, gutter, errorLine) {
  marked.set(gutter, errorLine);
  write(area, gutter);
}

export function goTo(area, line, column) {
  const lines = area.value.split('\n');
  const before = lines.slice(0, line - 1).reduce((length, text) => length + text.length + 1, 0);
  const place = Math.min(before + Math.max(column - 1, 0), area.value.length);
  area.focus();
  area.setSelectionRange(place, place);
  area.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(area).lineHeight));
}

function write(area, gutter) {
  const count = area.value.split('\n').length;
  const errorLine = marked.get(gutter) ?? 0;
  gutter.textContent = Array.from({ length: count }, (_, i) => (i + 1 === errorLine ? `\u25cf ${i + 1}` : `${i + 1}`)).join('\n');
  gutter.scrollTop = area.scrollTop;
}
