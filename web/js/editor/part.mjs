// A part of a program: the lines above and below it are there and run, but are not shown and cannot be edited. For embedded labs.
import { Decoration, EditorView } from "@codemirror/view";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";

const setPart = StateEffect.define();
const locked = new Compartment();

/// Where the part begins and ends in the text; null at an end where nothing is hidden.
function bounds(doc, { from, to }) {
  const first = Math.min(Math.max(from, 1), doc.lines);
  let last = Math.min(Math.max(to, first), doc.lines);
  // An empty line at the end of a program is nothing to look at.
  while (last > first && doc.line(last).text.trim() === "") last--;
  return { start: first > 1 ? doc.line(first).from : null, end: last < doc.lines ? doc.line(last).to : null };
}

const everything = { start: null, end: null };

const part = StateField.define({
  create: () => everything,
  update(old, tr) {
    for (const effect of tr.effects) if (effect.is(setPart)) return bounds(tr.state.doc, effect.value);
    if (!tr.docChanged) return old;
    // What is typed at an edge belongs to the part.
    const moved = (at, side) => (at === null ? null : tr.changes.mapPos(at, side));
    return { start: moved(old.start, -1), end: moved(old.end, 1) };
  },
});

function hidden(state) {
  const { start, end } = state.field(part);
  const ranges = [];
  if (start !== null) ranges.push(Decoration.replace({ block: true }).range(0, start - 1));
  if (end !== null) ranges.push(Decoration.replace({}).range(end, state.doc.length));
  return Decoration.set(ranges);
}

/// Whether a line is shown.
export function isShown(state, line) {
  const { start, end } = state.field(part);
  const at = state.doc.line(line).from;
  return (start === null || at >= start) && (end === null || at <= end);
}

/// Keeps the cursor and what is selected inside.
function clamp(tr) {
  const { start, end } = tr.startState.field(part);
  if (!tr.selection || (start === null && end === null)) return tr;
  const now = tr.state.field(part);
  const inside = (at) => Math.min(Math.max(at, now.start ?? 0), now.end ?? tr.state.doc.length);
  const { anchor, head } = tr.state.selection.main;
  if (inside(anchor) === anchor && inside(head) === head) return tr;
  return [tr, { selection: { anchor: inside(anchor), head: inside(head) }, sequential: true }];
}

export const partial = [
  part,
  EditorView.decorations.compute([part], hidden),
  EditorView.atomicRanges.of((view) => hidden(view.state)),
  EditorState.changeFilter.of((tr) => {
    const { start, end } = tr.startState.field(part);
    const kept = [];
    if (start !== null) kept.push(0, start);
    if (end !== null) kept.push(end, tr.startState.doc.length);
    return kept.length ? kept : true;
  }),
  EditorState.transactionFilter.of(clamp),
  locked.of([]),
];

/// Shows these lines, from 1, both included; with `readonly` nothing can be edited.
export function showPart(view, { from, to, readonly }) {
  const lock = readonly ? [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-readonly": "true" })] : [];
  view.dispatch({ effects: [setPart.of({ from, to }), locked.reconfigure(lock)], filter: false });
  view.dispatch({ selection: { anchor: view.state.field(part).start ?? 0 }, filter: false });
}
