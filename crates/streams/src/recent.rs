//! Locals by how recently they were used: which are near in code are near in use.

use crate::Error;

/// As many as an engine takes in a function (JavaScript embedding of WebAssembly, "Limits").
const MOST: u32 = 50_000;

/// The locals of a function, the one used last first; who was not used yet comes in order after those who were.
#[derive(Default)]
pub struct Recent {
    order: Vec<u32>,
}

impl Recent {
    pub fn clear(&mut self) {
        self.order.clear();
    }

    fn reach(&mut self, local: u32) -> Result<(), Error> {
        if local > MOST {
            return Err(Error::Number);
        }
        self.order.extend(self.order.len() as u32..=local);
        Ok(())
    }

    /// The rank of a local, which is used now.
    pub fn rank(&mut self, local: u32) -> Result<u32, Error> {
        self.reach(local)?;
        let rank = self.order.iter().position(|one| *one == local).ok_or(Error::Number)?;
        self.order[..=rank].rotate_right(1);
        Ok(rank as u32)
    }

    /// The local of a rank, which is used now.
    pub fn local(&mut self, rank: u32) -> Result<u32, Error> {
        self.reach(rank)?;
        self.order[..=rank as usize].rotate_right(1);
        Ok(self.order[0])
    }
}
