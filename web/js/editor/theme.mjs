// How the editor looks: every colour is a token of the page, so light and dark need no second theme.
import { EditorView } from "@codemirror/view";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags as t } from "@lezer/highlight";

const highlight = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.controlKeyword, t.definitionKeyword, t.moduleKeyword, t.bool, t.null, t.self], color: "var(--syn-kw)" },
  { tag: [t.string, t.special(t.string)], color: "var(--syn-str)" },
  { tag: t.number, color: "var(--syn-num)" },
  { tag: t.comment, color: "var(--syn-com)", fontStyle: "italic" },
  { tag: [t.definition(t.function(t.variableName)), t.definition(t.className)], color: "var(--syn-def)", fontWeight: "650" },
]);

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--panel)", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code)", fontSize: "13px", lineHeight: "20px", fontWeight: "var(--w-regular)", fontFeatureSettings: '"calt" 0' },
  ".cm-content": { padding: "6px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 0 0 16px" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--ink-3)", border: "none" },
  ".cm-gutters .cm-gutterElement": { lineHeight: "20px" },
  ".cm-lineNumbers": { minWidth: "28px", fontSize: "12px" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0", minWidth: "28px", textAlign: "right" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-soft)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLineGutter": { color: "var(--ink)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--hover)", outline: "1px solid var(--line-strong)" },
  ".cm-panels": { backgroundColor: "var(--chrome)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)" },
  ".cm-textfield": { backgroundColor: "var(--panel)", borderColor: "var(--control)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--raised)", borderColor: "var(--line-strong)" },
});

export const theme = [look, syntaxHighlighting(highlight)];
