//! (being written)

use crate::Outcome;

pub fn run(_args: &[String]) -> Outcome {
    Err("this chore is being written".into())
}
