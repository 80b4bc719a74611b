// The `# /// lab` block at the top of a program, folded to one button: "lab settings, 6 lines".
import { codeFolding, foldEffect, foldedRanges, unfoldEffect } from "@codemirror/language";

const START = /^# \/\/\/ lab\s*$/;
const END = /^# \/\/\/\s*$/;

/// Where the block stands in the text, from its first to its last character; null when there is none.
export function labBlock(doc) {
  for (let n = 1; n <= doc.lines; n++) {
    if (!START.test(doc.line(n).text)) continue;
    for (let m = n + 1; m <= doc.lines && doc.line(m).text.startsWith("#"); m++) {
      if (END.test(doc.line(m).text)) return { from: doc.line(n).from, to: doc.line(m).to, lines: m - n + 1 };
    }
    return null;
  }
  return null;
}

function folded(state, block) {
  let found = false;
  foldedRanges(state).between(block.from, block.to, () => {
    found = true;
  });
  return found;
}

export function isFolded(state) {
  const block = labBlock(state.doc);
  return !block || folded(state, block);
}

export function foldLab(view) {
  const block = labBlock(view.state.doc);
  if (!block || folded(view.state, block)) return;
  view.dispatch({ effects: foldEffect.of({ from: block.from, to: block.to }) });
}

export const labFolding = codeFolding({
  preparePlaceholder: (state, range) => state.doc.lineAt(range.to).number - state.doc.lineAt(range.from).number + 1,
  placeholderDOM(view, onclick, lines) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.innerHTML = '<svg class="ic" viewBox="0 0 16 16" aria-hidden="true"><path d="m6.200 4 4 4-4 4"/></svg>';
    button.append(`lab settings, ${lines} lines`);
    button.onclick = onclick;
    return button;
  },
});

export { unfoldEffect };
