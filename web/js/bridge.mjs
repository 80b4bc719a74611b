// The door between the Rust page and the editor's bundle, which is loaded on first use.
export async function mount(parent, doc, onChange) {
  const { create } = await import(new URL("editor.js", document.baseURI).href);
  return create(parent, doc, onChange);
}
