//! Attributes at instructions that meet instances of several classes: one table for all of them, asked when the inline cache does not fit.

use super::NO_SHAPE;
use crate::object::Obj;
use crate::process::Process;
use crate::value::Value;

/// Lines of the table.
const LINES: usize = 1024;

/// What is known about a name in instances of one shape.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    name: Value,
    shape: u32,
    /// Place in the values; [`METHOD`] for a function of the class.
    place: u32,
    /// The field epoch, or the version of the class for a method.
    version: u64,
    function: Value,
}

/// [`Line::place`] of a method.
const METHOD: u32 = u32::MAX;
/// Set in [`Line::shape`] of places to store to.
const STORE: u32 = 1 << 31;

/// A direct-mapped table.
#[derive(Clone, Debug, Default)]
pub struct PolyCache {
    lines: Vec<Line>,
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found {
    /// A value of the instance.
    Field(Value),
    /// A function of the class that takes the instance.
    Method(Value),
}

fn line_of(shape: u32, name: Value) -> usize {
    (((shape as usize).wrapping_mul(0x9e37_79b1) >> 7) & (LINES - 1)) ^ (name.index() & (LINES - 1))
}

impl Process {
    /// The attribute of an instance, if the table knows it.
    #[inline(never)]
    pub(crate) fn poly_load(&self, object: Value, name: Value) -> Option<Found> {
        let Obj::Instance(i) = self.heap.object(object)? else {
            return None;
        };
        let line = self.poly.lines.get(line_of(i.shape, name))?;
        if line.shape != i.shape || line.name != name {
            return None;
        }
        if line.place == METHOD {
            return (self.class_version(object) == line.version).then_some(Found::Method(line.function));
        }
        if line.version != self.field_epoch {
            return None;
        }
        i.values
            .get(line.place as usize)
            .copied()
            .filter(|v| !v.is_null())
            .map(Found::Field)
    }

    /// The place where an attribute of an instance is stored, if the table knows it.
    #[inline(never)]
    pub(crate) fn poly_store(&self, object: Value, name: Value) -> Option<usize> {
        let Obj::Instance(i) = self.heap.object(object)? else {
            return None;
        };
        let line = self.poly.lines.get(line_of(i.shape | STORE, name))?;
        let fits = line.shape == i.shape | STORE
            && line.name == name
            && line.version == self.field_epoch
            && (line.place as usize) < i.values.len();
        fits.then_some(line.place as usize)
    }

    pub(crate) fn note_field(&mut self, shape: u32, name: Value, place: u32, store: bool) {
        let shape = if store { shape | STORE } else { shape };
        let line = Line {
            name,
            shape,
            place,
            version: self.field_epoch,
            function: Value::NULL,
        };
        self.put_line(line);
    }

    pub(crate) fn note_method(&mut self, shape: u32, name: Value, version: u64, function: Value) {
        if shape != NO_SHAPE {
            let line = Line {
                name,
                shape,
                place: METHOD,
                version,
                function,
            };
            self.put_line(line);
        }
    }

    fn put_line(&mut self, line: Line) {
        if self.poly.lines.is_empty() {
            self.poly.lines.resize(LINES, Line::default());
        }
        if let Some(slot) = self.poly.lines.get_mut(line_of(line.shape, line.name)) {
            *slot = line;
        }
    }
}
