//! Shapes (hidden classes): which attribute of an instance stands at which place of its `values`.
//!
//! A tree per process: every shape is its parent plus one name. Instances of one class that get the same attributes in the same order
//! share a shape, so an inline cache needs one comparison. See Chambers, Ungar and Lee 1989, "An efficient implementation of SELF".

use crate::value::Value;
use rustc_hash::FxHashMap;

/// One shape.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The shape without the last name.
    pub parent: u32,
    /// The last name (an interned string, kept alive by the process's table of interned names), NULL for a root.
    pub name: Value,
    /// Number of values an instance of this shape has, slots included.
    pub size: u32,
    /// Number of slots at the front.
    pub slots: u32,
}

/// All shapes of a process.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    shapes: Vec<Shape>,
    next: FxHashMap<(u32, Value), u32>,
    /// Place of a name in a shape, for shapes that were asked.
    places: FxHashMap<(u32, Value), u32>,
}

/// An instance with more attributes than this goes over to a dict: keeps the tree small for objects used as maps.
pub const MAX_ATTRIBUTES: u32 = 64;

impl Shapes {
    /// No shape yet?
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// A root for a class with so many slots. Each class has one of its own, so that a shape also tells the class that made it.
    pub fn root(&mut self, slots: u32) -> u32 {
        self.shapes.push(Shape {
            parent: 0,
            name: Value::NULL,
            size: slots,
            slots,
        });
        self.shapes.len() as u32 - 1
    }

    /// The shape of that number.
    #[inline]
    pub fn get(&self, shape: u32) -> &Shape {
        &self.shapes[shape as usize]
    }

    /// The place in `values` of an (interned) name.
    pub fn place(&mut self, shape: u32, name: Value) -> Option<u32> {
        if let Some(&at) = self.places.get(&(shape, name)) {
            return if at == u32::MAX { None } else { Some(at) };
        }
        let at = self.find(shape, name);
        self.places.insert((shape, name), at.unwrap_or(u32::MAX));
        at
    }

    /// [`Shapes::place`] without remembering.
    pub fn find(&self, shape: u32, name: Value) -> Option<u32> {
        let mut at = &self.shapes[shape as usize];
        while !at.name.is_null() {
            if at.name == name {
                return Some(at.size - 1);
            }
            at = &self.shapes[at.parent as usize];
        }
        None
    }

    /// The shape with one name more; `None` when the instance should go over to a dict.
    pub fn with(&mut self, shape: u32, name: Value) -> Option<u32> {
        if let Some(&next) = self.next.get(&(shape, name)) {
            return Some(next);
        }
        let Shape { size, slots, .. } = self.shapes[shape as usize];
        if size - slots >= MAX_ATTRIBUTES {
            return None;
        }
        self.shapes.push(Shape {
            parent: shape,
            name,
            size: size + 1,
            slots,
        });
        let next = self.shapes.len() as u32 - 1;
        self.next.insert((shape, name), next);
        Some(next)
    }

    /// The names of a shape in order, slots left out.
    pub fn names(&self, shape: u32) -> Vec<Value> {
        let mut names = Vec::new();
        let mut at = &self.shapes[shape as usize];
        while !at.name.is_null() {
            names.push(at.name);
            at = &self.shapes[at.parent as usize];
        }
        names.reverse();
        names
    }
}
