// The code editor of the page: CodeMirror 6 with Python, the gutters of a run, and a few methods the Rust side calls.
import { EditorView, drawSelection, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { Annotation, EditorState, Prec } from "@codemirror/state";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { python } from "@codemirror/lang-python";
import { breakGutter, chipGutter, runMarks, setBreaks, setError, setHeat, setMarks } from "./marks.mjs";
import { foldLab, isFolded, labFolding } from "./lab_block.mjs";
import { partial, showPart } from "./part.mjs";
import { pills } from "./pills.mjs";
import { theme } from "./theme.mjs";

/// Marks a change that the page made itself, so that it is not reported back as an edit.
const fromPage = Annotation.define();

/// The smallest replacement that turns one text into the other: keeps the cursor, the scroll position and the history.
function difference(before, after) {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let a = before.length;
  let b = after.length;
  while (a > start && b > start && before[a - 1] === after[b - 1]) (a--, b--);
  return { from: start, to: a, insert: after.slice(start, b) };
}

/// Text typed over a selection. Left to itself the browser puts it in with the style of what it replaces, as an attribute, which the page's policy does not allow.
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || !event.data || event.isComposing || view.state.readOnly || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch({ ...view.state.replaceSelection(event.data), userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

class Editor {
  constructor(parent, doc, onChange, onLine) {
    const cursor = (what) => (view) => (onLine(what, view.state.doc.lineAt(view.state.selection.main.head).number), true);
    const reports = EditorView.updateListener.of((u) => {
      if (u.docChanged && !u.transactions.every((tr) => tr.annotation(fromPage))) onChange(u.state.doc.toString());
    });
    this.extensions = [
          // The page itself listens for Ctrl+Enter; here it only must not insert a line.
          Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => true }, { key: "Ctrl-Enter", run: () => true }])),
          // As in other debuggers: F9 is a breakpoint, Ctrl+F10 runs to the cursor.
          keymap.of([{ key: "F9", run: cursor("break") }, { key: "Mod-F10", run: cursor("here") }, { key: "Ctrl-F10", run: cursor("here") }]),
          chipGutter, breakGutter((line) => onLine("break", line)), lineNumbers(), runMarks, labFolding, partial, pills,
          history(), drawSelection(), bracketMatching(), indentOnInput(), indentUnit.of("    "), highlightSelectionMatches(), highlightActiveLineGutter(),
          keymap.of([...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, indentWithTab]),
          python(), theme, reports, typedOver,
          EditorView.contentAttributes.of({ "aria-label": "Editor", tabindex: "0", spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
    ];
    this.view = new EditorView({ parent, state: EditorState.create({ doc, extensions: this.extensions }) });
    foldLab(this.view);
  }
  getDoc() {
    return this.view.state.doc.toString();
  }
  setDoc(text) {
    const before = this.getDoc();
    if (before === text) return;
    const fold = isFolded(this.view.state);
    this.view.dispatch({ changes: difference(before, text), annotations: fromPage.of(true), filter: false });
    if (fold) foldLab(this.view);
  }
  /// Shows a part of the program: JSON of `{from, to, readonly}`, the lines from 1, both included.
  setPart(json) {
    showPart(this.view, JSON.parse(json));
  }
  /// Another file: nothing of the old one stays, neither history nor scroll position nor marks.
  replaceDoc(text) {
    this.view.setState(EditorState.create({ doc: text, extensions: this.extensions }));
    this.view.scrollDOM.scrollTop = 0;
    foldLab(this.view);
  }
  setMarks(json) {
    this.view.dispatch({ effects: setMarks.of(JSON.parse(json)) });
  }
  setBreaks(json) {
    this.view.dispatch({ effects: setBreaks.of(JSON.parse(json)) });
  }
  setHeat(json) {
    this.view.dispatch({ effects: setHeat.of(JSON.parse(json)) });
  }
  setError(json) {
    const error = JSON.parse(json);
    this.view.dispatch({ effects: setError.of(error) });
    // An error that is out of sight would be no more than the words "syntax error".
    if (error) this.reveal(error.line);
  }
  showLine(n) {
    const doc = this.view.state.doc;
    const line = doc.line(Math.min(Math.max(n, 1), doc.lines));
    // The line is selected too: it is found at once, and it is where the cursor stands when the person comes here.
    this.view.dispatch({ selection: { anchor: line.from, head: line.to }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
  }
  /// Brings a line into sight, if it is not.
  reveal(n) {
    const doc = this.view.state.doc;
    const at = doc.line(Math.min(Math.max(n, 1), doc.lines)).from;
    const { top, bottom } = this.view.lineBlockAt(at);
    const { scrollTop, clientHeight } = this.view.scrollDOM;
    if (top < scrollTop || bottom > scrollTop + clientHeight) this.view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center" }) });
  }
  focus() {
    this.view.focus();
  }
  destroy() {
    this.view.destroy();
  }
}

export function create(parent, doc, onChange, onLine) {
  return new Editor(parent, doc, onChange, onLine);
}
