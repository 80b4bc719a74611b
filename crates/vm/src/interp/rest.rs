//! What an instruction does where its short path in the loop does not reach.

use super::{Step, slow};
use crate::process::Process;
use heddle_compiler::Op;

impl Process {
    /// The rest of the instruction `at` in the code with this number of the caches. The frame is saved.
    #[inline(never)]
    pub(crate) fn rest_of(&mut self, op: Op, arg: u32, [number, at]: [usize; 2]) -> Step {
        match op {
            Op::Resume => self.op_marked_resume(arg),
            Op::BinaryOp => self.op_binary(arg),
            Op::CompareOp => self.op_compare(arg),
            Op::ToBool => self.op_unary(&slow::TRUTH),
            Op::LoadFastCheck => self.unbound_local(arg),
            Op::LoadDeref => self.unbound_deref(arg),
            Op::LoadGlobal => self.load_global_slow(arg),
            Op::LoadAttr => {
                let name = self.name_at(arg >> 1);
                self.op_load_attr(number, at, arg, name)
            }
            Op::StoreAttr => {
                let name = self.name_at(arg);
                self.op_store_attr(number, at, name)
            }
            Op::StoreSubscr => self.op_native(&slow::STORE_SUBSCR, 3, None),
            Op::ContainsOp => self.op_native(&slow::CONTAINS, 2, Some(arg)),
            Op::Call => self.op_call(arg as usize, number, at),
            Op::ReturnValue => self.op_return(),
            Op::ForIter => {
                let iterator = self.peek(1);
                self.op_for_iter(iterator)
            }
            Op::GetIter => self.op_get_iter(),
            Op::BinarySlice => self.op_native(&slow::BINARY_SLICE, 3, None),
            Op::Send => self.op_send(),
            Op::YieldValue => self.op_yield(),
            Op::UnpackSequence => self.op_native(&slow::UNPACK_SEQUENCE, 1, Some(arg)),
            Op::LoadName => self.load_name_slow(arg),
            Op::StoreName => {
                let name = self.name_at(arg);
                self.op_store_name(number, at, name)
            }
            Op::CheckExcMatch => self.op_check_exc_match(),
            Op::LoadSuperAttr => self.op_load_super_attr(number, at, arg),
            _ => self.rare(op, arg),
        }
    }
}
