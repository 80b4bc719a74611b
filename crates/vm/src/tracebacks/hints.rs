//! What CPython adds to the message of NameError, AttributeError and ImportError.

use super::suggest::closest;
use crate::names;
use crate::object::Obj;
use crate::process::Process;
use crate::types::core;
use crate::value::Value;

impl Process {
    /// ". Did you mean: 'x'?" and the like, or nothing. Runs no Python code.
    pub(super) fn hint_for(&mut self, e: Value) -> String {
        let fields = match self.heap.object(e) {
            Some(Obj::Exception(x)) => x.fields.clone(),
            _ => return String::new(),
        };
        if self.is_instance(e, core::NAME_ERROR) {
            let Some(wrong) = fields.first().and_then(|&v| self.as_str(v)).map(str::to_owned) else {
                return String::new();
            };
            return self.name_hint(e, &wrong);
        }
        if self.is_instance(e, core::ATTRIBUTE_ERROR) {
            let (Some(wrong), Some(&object)) = (
                fields.first().and_then(|&v| self.as_str(v)).map(str::to_owned),
                fields.get(1),
            ) else {
                return String::new();
            };
            if object.is_null() {
                return String::new();
            }
            let candidates = self.attribute_names(object);
            return mean(&wrong, &candidates);
        }
        String::new()
    }

    fn name_hint(&mut self, e: Value, wrong: &str) -> String {
        let Some(frame) = self.innermost_frame(e) else {
            return String::new();
        };
        let Ok(locals) = self.frame_namespace(frame) else {
            return String::new();
        };
        let globals = match self.heap.object(frame) {
            Some(Obj::Frame(f)) => f.globals,
            _ => return String::new(),
        };
        // `self.x` may have been meant inside of a method.
        if let Some(this) = self.dict_get_str(locals, names::SELF) {
            let attributes = self.attribute_names(this);
            if attributes.iter().any(|a| a == wrong) {
                return format!(". Did you mean: 'self.{wrong}'?");
            }
        }
        let mut candidates = Vec::new();
        for dict in [locals, globals, self.builtins] {
            candidates.extend(self.text_keys(dict));
        }
        let hint = mean(wrong, &candidates);
        let native = self.config.library.modules.iter().any(|m| m.name == wrong) || wrong == "sys";
        if native || (!wrong.starts_with('_') && !wrong.contains('.') && (self.config.library.find)(wrong).is_some()) {
            return match hint.strip_suffix('?') {
                Some(hint) => format!("{hint}? Or did you forget to import '{wrong}'?"),
                None => format!(". Did you forget to import '{wrong}'?"),
            };
        }
        hint
    }

    fn innermost_frame(&self, e: Value) -> Option<Value> {
        let mut at = match self.heap.object(e)? {
            Obj::Exception(x) => x.traceback,
            _ => return None,
        };
        let mut frame = None;
        while let Some(Obj::Traceback(t)) = self.heap.object(at) {
            frame = Some(t.frame);
            at = t.next;
        }
        frame
    }

    fn text_keys(&self, dict: Value) -> Vec<String> {
        let keys = self
            .as_dict(dict)
            .map(|d| d.iter().map(|e| e.key).collect::<Vec<_>>())
            .unwrap_or_default();
        keys.into_iter()
            .filter_map(|k| self.as_str(k).map(str::to_owned))
            .collect()
    }

    /// Names of an object's attributes, found without its `__dir__`.
    fn attribute_names(&mut self, object: Value) -> Vec<String> {
        let mut all = Vec::new();
        match self.heap.object(object) {
            Some(Obj::Instance(i)) => {
                let (shape, dict) = (i.shape, i.dict);
                all.extend(self.shapes.names(shape).into_iter().map(|n| self.text(n)));
                all.extend(self.text_keys(dict));
            }
            Some(Obj::Module(m)) => {
                let dict = m.dict;
                all.extend(self.text_keys(dict));
            }
            _ => {}
        }
        let class = if self.as_type(object).is_some() {
            object
        } else {
            self.type_of(object)
        };
        let mro = self
            .as_type(class)
            .and_then(|t| self.as_tuple(t.mro))
            .map(<[Value]>::to_vec)
            .unwrap_or_default();
        for class in mro {
            if let Some(dict) = self.as_type(class).map(|t| t.dict) {
                all.extend(self.text_keys(dict));
            }
        }
        all.sort();
        all.dedup();
        all
    }
}

fn mean(wrong: &str, candidates: &[String]) -> String {
    let hidden = !wrong.starts_with('_');
    let visible = candidates
        .iter()
        .map(String::as_str)
        .filter(|c| !(hidden && c.starts_with('_')));
    closest(wrong, visible).map_or_else(String::new, |best| format!(". Did you mean: '{best}'?"))
}
