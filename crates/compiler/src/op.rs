//! The instruction set: CPython 3.14's, as its compiler emits it before specialisation.
//!
//! Opcode numbers are CPython 3.14's too, so that a listing can be compared with `dis`. Not used here, and
//! therefore absent: `CACHE`, `EXTENDED_ARG` (an argument has 24 bits), `NOT_TAKEN`, `LOAD_FAST_BORROW` and the
//! fused loads and stores, `INTERPRETER_EXIT`, `EXIT_INIT_CHECK`, everything instrumented or specialised.
//!
//! Arguments are CPython's except that every jump carries the absolute index of its target instruction.
//! `FOR_ITER` keeps CPython's habit: its target is the `END_FOR`, and an exhausted iterator goes on *behind* it
//! (target + 1, a `POP_ITER`) with the iterator still on the stack and no value pushed.

use serde::{Deserialize, Serialize};

macro_rules! instruction_set {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal,)*
     ; $($(#[$fused_doc:meta])* $fused:ident = $fused_number:literal $first:ident,)*
     ; $($pseudo:ident = $pseudo_number:literal $pseudo_name:literal,)*) => {
        /// An operation code. The discriminants are CPython 3.14's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Op {
            $($(#[$doc])* $variant = $number,)*
            $($(#[$fused_doc])* $fused = $fused_number,)*
        }

        impl Op {
            /// All operations of code objects, in the order of their numbers.
            pub const ALL: &[Op] = &[$(Op::$variant,)*];

            /// The name `dis` prints.
            pub fn name(self) -> &'static str {
                match self.plain() { $(Op::$variant => $name,)* _ => "" }
            }

            /// The operation in a code object: of a fused one, its first part.
            #[inline]
            pub const fn plain(self) -> Op {
                match self { $(Op::$fused => Op::$first,)* other => other }
            }

            /// The operation with this number, if there is one.
            pub const fn from_u8(number: u8) -> Option<Op> {
                match number { $($number => Some(Op::$variant),)* _ => None }
            }
        }

        /// What the code generator writes: every [`Op`], and the pseudo-operations that assembly removes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        #[allow(dead_code, reason = "the list is the instruction set, not what the generator happens to use")]
        pub(crate) enum Ir { $($variant = $number,)* $($pseudo = $pseudo_number,)* }

        impl Ir {
            /// The real operation, unless this is a pseudo-operation.
            pub(crate) fn op(self) -> Option<Op> {
                match self { $(Ir::$variant => Some(Op::$variant),)* $(Ir::$pseudo => None,)* }
            }

            /// A name for messages.
            #[allow(dead_code, reason = "for debugging the passes")]
            pub(crate) fn name(self) -> &'static str {
                match self { $(Ir::$variant => $name,)* $(Ir::$pseudo => $pseudo_name,)* }
            }
        }
    };
}

instruction_set! {
    /// `a[b:c]`: container, start, stop -> result.
    BinarySlice = 1 "BINARY_SLICE",
    /// strings tuple, interpolations tuple -> template.
    BuildTemplate = 2 "BUILD_TEMPLATE",
    /// callable, NULL or self, args tuple, kwargs dict or NULL -> result. The argument is unused.
    CallFunctionEx = 4 "CALL_FUNCTION_EX",
    /// group, type -> rest or None, match or None.
    CheckEgMatch = 5 "CHECK_EG_MATCH",
    /// exception, type -> exception, bool.
    CheckExcMatch = 6 "CHECK_EXC_MATCH",
    /// sub-iterator, last sent, exception -> None, value (if it is StopIteration; else raises it again).
    CleanupThrow = 7 "CLEANUP_THROW",
    /// container, key ->.
    DeleteSubscr = 8 "DELETE_SUBSCR",
    /// Pops the (absent) value; skipped by an exhausted `FOR_ITER`.
    EndFor = 9 "END_FOR",
    /// receiver, value -> value.
    EndSend = 10 "END_SEND",
    /// value -> `format(value, "")` (a `str` stays).
    FormatSimple = 12 "FORMAT_SIMPLE",
    /// value, spec -> `format(value, spec)`.
    FormatWithSpec = 13 "FORMAT_WITH_SPEC",
    /// obj -> `obj.__aiter__()`.
    GetAiter = 14 "GET_AITER",
    /// aiter -> aiter, awaitable of `__anext__`.
    GetAnext = 15 "GET_ANEXT",
    /// obj -> `iter(obj)`.
    GetIter = 16 "GET_ITER",
    /// obj -> obj, `len(obj)`.
    GetLen = 18 "GET_LEN",
    /// As `GET_ITER`, but generators and (in a coroutine) coroutines stay themselves.
    GetYieldFromIter = 19 "GET_YIELD_FROM_ITER",
    /// -> `__build_class__`.
    LoadBuildClass = 21 "LOAD_BUILD_CLASS",
    /// -> the frame's locals mapping.
    LoadLocals = 22 "LOAD_LOCALS",
    /// code -> function, with the frame's globals.
    MakeFunction = 23 "MAKE_FUNCTION",
    /// subject, keys tuple -> subject, keys tuple, values tuple or None.
    MatchKeys = 24 "MATCH_KEYS",
    /// subject -> subject, bool.
    MatchMapping = 25 "MATCH_MAPPING",
    /// subject -> subject, bool.
    MatchSequence = 26 "MATCH_SEQUENCE",
    /// Nothing.
    Nop = 27 "NOP",
    /// Pops what `PUSH_EXC_INFO` saved and makes it the current exception again.
    PopExcept = 29 "POP_EXCEPT",
    /// Pops the iterator.
    PopIter = 30 "POP_ITER",
    /// Pops one.
    PopTop = 31 "POP_TOP",
    /// exc -> previous exception, exc; exc becomes the current one.
    PushExcInfo = 32 "PUSH_EXC_INFO",
    /// -> NULL.
    PushNull = 33 "PUSH_NULL",
    /// Makes the generator, coroutine or asynchronous generator of this frame and returns it to the caller; when the
    /// frame goes on, one value (the first `send`'s) is on the stack.
    ReturnGenerator = 34 "RETURN_GENERATOR",
    /// value -> (to the caller).
    ReturnValue = 35 "RETURN_VALUE",
    /// Makes `__annotations__` in the locals if it is missing.
    SetupAnnotations = 36 "SETUP_ANNOTATIONS",
    /// value, container, start, stop ->.
    StoreSlice = 37 "STORE_SLICE",
    /// value, container, key ->.
    StoreSubscr = 38 "STORE_SUBSCR",
    /// value -> bool.
    ToBool = 39 "TO_BOOL",
    /// value -> `~value`.
    UnaryInvert = 40 "UNARY_INVERT",
    /// value -> `-value`.
    UnaryNegative = 41 "UNARY_NEGATIVE",
    /// bool -> bool.
    UnaryNot = 42 "UNARY_NOT",
    /// exit function, exit self, lasti, previous exception, exception -> the same and the result of the call.
    WithExceptStart = 43 "WITH_EXCEPT_START",
    /// left, right -> result; the argument is a [`BinaryOp`].
    BinaryOp = 44 "BINARY_OP",
    /// value, str (, spec if arg & 1) -> interpolation; arg >> 2 is the conversion.
    BuildInterpolation = 45 "BUILD_INTERPOLATION",
    /// n values -> list.
    BuildList = 46 "BUILD_LIST",
    /// n pairs -> dict.
    BuildMap = 47 "BUILD_MAP",
    /// n values -> set.
    BuildSet = 48 "BUILD_SET",
    /// start, stop (, step if n = 3) -> slice.
    BuildSlice = 49 "BUILD_SLICE",
    /// n strings -> string.
    BuildString = 50 "BUILD_STRING",
    /// n values -> tuple.
    BuildTuple = 51 "BUILD_TUPLE",
    /// callable, self or NULL, n arguments -> result.
    Call = 52 "CALL",
    /// value -> result; the argument is an [`Intrinsic1`].
    CallIntrinsic1 = 53 "CALL_INTRINSIC_1",
    /// two values -> result; the argument is an [`Intrinsic2`].
    CallIntrinsic2 = 54 "CALL_INTRINSIC_2",
    /// callable, self or NULL, n arguments, tuple of the names of the last ones -> result.
    CallKw = 55 "CALL_KW",
    /// left, right -> result; see [`CompareOp`].
    CompareOp = 56 "COMPARE_OP",
    /// item, container -> bool; arg 1 negates.
    ContainsOp = 57 "CONTAINS_OP",
    /// value -> `str`, `repr` or `ascii` of it (1, 2, 3).
    ConvertValue = 58 "CONVERT_VALUE",
    /// Pushes the n-th from the top (1 = the top).
    Copy = 59 "COPY",
    /// Puts the n cells of the closure into the last n slots.
    CopyFreeVars = 60 "COPY_FREE_VARS",
    /// obj ->.
    DeleteAttr = 61 "DELETE_ATTR",
    /// Empties the cell in a slot.
    DeleteDeref = 62 "DELETE_DEREF",
    /// Empties a slot.
    DeleteFast = 63 "DELETE_FAST",
    /// Deletes a global.
    DeleteGlobal = 64 "DELETE_GLOBAL",
    /// Deletes a name of the locals mapping.
    DeleteName = 65 "DELETE_NAME",
    /// Updates the dict at depth n with the top; a key twice is an error about the call's arguments.
    DictMerge = 66 "DICT_MERGE",
    /// Updates the dict at depth n with the top.
    DictUpdate = 67 "DICT_UPDATE",
    /// aiter, exception -> (StopAsyncIteration ends the loop, others are raised again).
    EndAsyncFor = 68 "END_ASYNC_FOR",
    /// iterator -> iterator, value; exhausted: goes on at target + 1.
    ForIter = 70 "FOR_ITER",
    /// obj -> awaitable's iterator; arg 1: came from `__aenter__`, 2: from `__aexit__`.
    GetAwaitable = 71 "GET_AWAITABLE",
    /// module -> module, attribute.
    ImportFrom = 72 "IMPORT_FROM",
    /// level, fromlist -> module.
    ImportName = 73 "IMPORT_NAME",
    /// left, right -> bool; arg 1 negates.
    IsOp = 74 "IS_OP",
    /// Jumps back (a place where CPython looks at its eval breaker).
    JumpBackward = 75 "JUMP_BACKWARD",
    /// Jumps back without looking.
    JumpBackwardNoInterrupt = 76 "JUMP_BACKWARD_NO_INTERRUPT",
    /// Jumps ahead.
    JumpForward = 77 "JUMP_FORWARD",
    /// Appends the top to the list at depth n.
    ListAppend = 78 "LIST_APPEND",
    /// Extends the list at depth n with the top.
    ListExtend = 79 "LIST_EXTEND",
    /// obj -> attribute, or (arg & 1) method, self / attribute, NULL; the name is arg >> 1.
    LoadAttr = 80 "LOAD_ATTR",
    /// -> a [`CommonConstant`].
    LoadCommonConstant = 81 "LOAD_COMMON_CONSTANT",
    /// -> constant.
    LoadConst = 82 "LOAD_CONST",
    /// -> content of the cell in a slot.
    LoadDeref = 83 "LOAD_DEREF",
    /// -> a slot, known to be bound.
    LoadFast = 84 "LOAD_FAST",
    /// -> a slot or NULL, and empties it.
    LoadFastAndClear = 85 "LOAD_FAST_AND_CLEAR",
    /// -> a slot; UnboundLocalError if it is empty.
    LoadFastCheck = 88 "LOAD_FAST_CHECK",
    /// mapping -> its entry for the slot's name, else content of the cell.
    LoadFromDictOrDeref = 90 "LOAD_FROM_DICT_OR_DEREF",
    /// mapping -> its entry for the name, else the global or builtin.
    LoadFromDictOrGlobals = 91 "LOAD_FROM_DICT_OR_GLOBALS",
    /// -> global or builtin (and NULL if arg & 1); the name is arg >> 1.
    LoadGlobal = 92 "LOAD_GLOBAL",
    /// -> local of the mapping, global or builtin.
    LoadName = 93 "LOAD_NAME",
    /// -> the argument itself, 0 to 255.
    LoadSmallInt = 94 "LOAD_SMALL_INT",
    /// obj -> method, self or NULL; the argument is a [`SpecialMethod`].
    LoadSpecial = 95 "LOAD_SPECIAL",
    /// `super`, class, self -> attribute (, self or NULL if arg & 1); arg & 2: two-argument form written; name arg >> 2.
    LoadSuperAttr = 96 "LOAD_SUPER_ATTR",
    /// Makes a cell of the slot's content.
    MakeCell = 97 "MAKE_CELL",
    /// Adds key, value to the dict at depth n.
    MapAdd = 98 "MAP_ADD",
    /// subject, class, names tuple -> attributes tuple or None; the argument counts positional patterns.
    MatchClass = 99 "MATCH_CLASS",
    /// bool ->.
    PopJumpIfFalse = 100 "POP_JUMP_IF_FALSE",
    /// value ->.
    PopJumpIfNone = 101 "POP_JUMP_IF_NONE",
    /// value ->.
    PopJumpIfNotNone = 102 "POP_JUMP_IF_NOT_NONE",
    /// bool ->.
    PopJumpIfTrue = 103 "POP_JUMP_IF_TRUE",
    /// (exception (, cause)) ->.
    RaiseVarargs = 104 "RAISE_VARARGS",
    /// exception -> raised again; if arg is not 0, the traceback's lasti is taken from depth arg.
    Reraise = 105 "RERAISE",
    /// receiver, value -> receiver, yielded; when the receiver is done: receiver, result, and jump.
    Send = 106 "SEND",
    /// Adds the top to the set at depth n.
    SetAdd = 107 "SET_ADD",
    /// value, function -> function; the argument is one of [`crate::code::function_attribute`].
    SetFunctionAttribute = 108 "SET_FUNCTION_ATTRIBUTE",
    /// Updates the set at depth n with the top.
    SetUpdate = 109 "SET_UPDATE",
    /// value, obj ->.
    StoreAttr = 110 "STORE_ATTR",
    /// value -> (into the cell of a slot).
    StoreDeref = 111 "STORE_DEREF",
    /// value -> (into a slot; may be NULL after `LOAD_FAST_AND_CLEAR`).
    StoreFast = 112 "STORE_FAST",
    /// value ->.
    StoreGlobal = 115 "STORE_GLOBAL",
    /// value ->.
    StoreName = 116 "STORE_NAME",
    /// Exchanges the top with the n-th from the top.
    Swap = 117 "SWAP",
    /// iterable -> values; arg & 255 before the list, arg >> 8 behind it.
    UnpackEx = 118 "UNPACK_EX",
    /// iterable -> n values, the first on top.
    UnpackSequence = 119 "UNPACK_SEQUENCE",
    /// value -> (to the caller), then what was sent.
    YieldValue = 120 "YIELD_VALUE",
    /// Start of a function (0), or after `yield` (1), `yield from` (2), `await` (3).
    Resume = 128 "RESUME",
    ;
    // What an interpreter may put in place of the first of several instructions when it loads code. The others stay where they are, with
    // their arguments, so jumps between them and positions hold. They stand in no code object.
    /// `LOAD_FAST`, `LOAD_FAST`.
    LoadFastLoadFast = 200 LoadFast,
    /// `LOAD_FAST`, `LOAD_FAST`, `BINARY_OP`.
    FastFastBinary = 201 LoadFast,
    /// `LOAD_FAST`, `LOAD_SMALL_INT`, `BINARY_OP`.
    FastSmallBinary = 202 LoadFast,
    /// `LOAD_FAST`, `LOAD_FAST`, `COMPARE_OP`, `POP_JUMP_IF_…`.
    FastFastCompare = 203 LoadFast,
    /// `LOAD_FAST`, `LOAD_SMALL_INT`, `COMPARE_OP`, `POP_JUMP_IF_…`.
    FastSmallCompare = 204 LoadFast,
    /// `LOAD_FAST`, `LOAD_ATTR`.
    FastAttr = 205 LoadFast,
    /// `LOAD_FAST`, `STORE_ATTR`.
    FastStoreAttr = 206 LoadFast,
    /// `LOAD_FAST`, `BINARY_OP`.
    FastBinary = 207 LoadFast,
    /// `STORE_FAST`, `LOAD_FAST`.
    StoreFastLoadFast = 208 StoreFast,
    ;
    AnnotationsPlaceholder = 256 "ANNOTATIONS_PLACEHOLDER",
    Jump = 257 "JUMP",
    JumpIfFalse = 258 "JUMP_IF_FALSE",
    JumpIfTrue = 259 "JUMP_IF_TRUE",
    JumpNoInterrupt = 260 "JUMP_NO_INTERRUPT",
    LoadClosure = 261 "LOAD_CLOSURE",
    PopBlock = 262 "POP_BLOCK",
    SetupCleanup = 263 "SETUP_CLEANUP",
    SetupFinally = 264 "SETUP_FINALLY",
    SetupWith = 265 "SETUP_WITH",
    StoreFastMaybeNull = 266 "STORE_FAST_MAYBE_NULL",
}

impl Op {
    /// Whether the argument is the index of an instruction.
    pub const fn is_jump(self) -> bool {
        matches!(
            self,
            Op::JumpForward
                | Op::JumpBackward
                | Op::JumpBackwardNoInterrupt
                | Op::PopJumpIfFalse
                | Op::PopJumpIfTrue
                | Op::PopJumpIfNone
                | Op::PopJumpIfNotNone
                | Op::ForIter
                | Op::Send
        )
    }

    /// Whether execution never goes on with the next instruction.
    pub const fn is_terminator(self) -> bool {
        matches!(
            self,
            Op::JumpForward
                | Op::JumpBackward
                | Op::JumpBackwardNoInterrupt
                | Op::ReturnValue
                | Op::RaiseVarargs
                | Op::Reraise
        )
    }

    /// Whether the argument means anything.
    pub const fn has_arg(self) -> bool {
        (self as u8) > 43
    }
}

/// One instruction: the operation in the low 8 bits, its argument in the high 24.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Instr(pub u32);

impl Instr {
    /// The largest argument.
    pub const MAX_ARG: u32 = (1 << 24) - 1;

    /// Joins an operation and its argument (its low 24 bits).
    pub const fn new(op: Op, arg: u32) -> Instr {
        Instr(op as u8 as u32 | arg << 8)
    }

    /// The number of the operation, without looking whether it is one.
    pub const fn raw_op(self) -> u8 {
        self.0 as u8
    }

    /// The operation (`NOP` for a number that is none, which [`crate::from_bytes`] refuses).
    pub const fn op(self) -> Op {
        match Op::from_u8(self.0 as u8) {
            Some(op) => op,
            None => Op::Nop,
        }
    }

    /// The argument.
    pub const fn arg(self) -> u32 {
        self.0 >> 8
    }
}

impl std::fmt::Debug for Instr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({})", self.op().name(), self.arg())
    }
}

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $number:literal $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $name { $(#[doc = $text] $variant = $number,)* }

        impl $name {
            /// The member with this number.
            pub const fn from_arg(arg: u32) -> Option<$name> {
                match arg { $($number => Some($name::$variant),)* _ => None }
            }

            /// How it is written in listings.
            pub const fn text(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }
    };
}

numbered! {
    /// Argument of `BINARY_OP` (CPython's `NB_*`).
    BinaryOp {
        Add = 0 "+", And = 1 "&", FloorDivide = 2 "//", Lshift = 3 "<<", MatrixMultiply = 4 "@", Multiply = 5 "*",
        Remainder = 6 "%", Or = 7 "|", Power = 8 "**", Rshift = 9 ">>", Subtract = 10 "-", TrueDivide = 11 "/",
        Xor = 12 "^",
        InplaceAdd = 13 "+=", InplaceAnd = 14 "&=", InplaceFloorDivide = 15 "//=", InplaceLshift = 16 "<<=",
        InplaceMatrixMultiply = 17 "@=", InplaceMultiply = 18 "*=", InplaceRemainder = 19 "%=", InplaceOr = 20 "|=",
        InplacePower = 21 "**=", InplaceRshift = 22 ">>=", InplaceSubtract = 23 "-=", InplaceTrueDivide = 24 "/=",
        InplaceXor = 25 "^=",
        Subscr = 26 "[]",
    }
}

numbered! {
    /// `COMPARE_OP`'s comparison: the argument >> 5. Bit 16 asks for a real `bool`; the low four bits are CPython's mask
    /// for its specialised forms (1 unordered, 2 less, 4 greater, 8 equal).
    CompareOp { Lt = 0 "<", Le = 1 "<=", Eq = 2 "==", Ne = 3 "!=", Gt = 4 ">", Ge = 5 ">=", }
}

impl CompareOp {
    /// The comparison of a `COMPARE_OP` argument.
    pub const fn of_instr_arg(arg: u32) -> Option<CompareOp> {
        CompareOp::from_arg(arg >> 5)
    }

    /// The argument for this comparison, result as it comes.
    pub const fn instr_arg(self) -> u32 {
        let mask = match self {
            CompareOp::Lt => 2,
            CompareOp::Le => 10,
            CompareOp::Eq => 8,
            CompareOp::Ne => 7,
            CompareOp::Gt => 4,
            CompareOp::Ge => 12,
        };
        (self as u32) << 5 | mask
    }
}

numbered! {
    /// Argument of `CALL_INTRINSIC_1`.
    Intrinsic1 {
        Print = 1 "INTRINSIC_PRINT", ImportStar = 2 "INTRINSIC_IMPORT_STAR",
        StopIterationError = 3 "INTRINSIC_STOPITERATION_ERROR", AsyncGenWrap = 4 "INTRINSIC_ASYNC_GEN_WRAP",
        UnaryPositive = 5 "INTRINSIC_UNARY_POSITIVE", ListToTuple = 6 "INTRINSIC_LIST_TO_TUPLE",
        TypeVar = 7 "INTRINSIC_TYPEVAR", ParamSpec = 8 "INTRINSIC_PARAMSPEC", TypeVarTuple = 9 "INTRINSIC_TYPEVARTUPLE",
        SubscriptGeneric = 10 "INTRINSIC_SUBSCRIPT_GENERIC", TypeAlias = 11 "INTRINSIC_TYPEALIAS",
    }
}

numbered! {
    /// Argument of `CALL_INTRINSIC_2`.
    Intrinsic2 {
        PrepReraiseStar = 1 "INTRINSIC_PREP_RERAISE_STAR", TypeVarWithBound = 2 "INTRINSIC_TYPEVAR_WITH_BOUND",
        TypeVarWithConstraints = 3 "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
        SetFunctionTypeParams = 4 "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
        SetTypeParamDefault = 5 "INTRINSIC_SET_TYPEPARAM_DEFAULT",
    }
}

numbered! {
    /// Argument of `LOAD_COMMON_CONSTANT`.
    CommonConstant {
        AssertionError = 0 "AssertionError", NotImplementedError = 1 "NotImplementedError", Tuple = 2 "tuple",
        All = 3 "all", Any = 4 "any",
    }
}

numbered! {
    /// Argument of `LOAD_SPECIAL`.
    SpecialMethod { Enter = 0 "__enter__", Exit = 1 "__exit__", Aenter = 2 "__aenter__", Aexit = 3 "__aexit__", }
}

/// How many values an instruction adds to the stack (negative: takes from it). `jumps` says which way out is meant;
/// an exhausted `FOR_ITER` counts its absent value, as CPython's compiler does (see the module's head).
pub fn stack_effect(op: Op, arg: u32, jumps: bool) -> i32 {
    let n = arg as i32;
    let _ = jumps;
    match op {
        Op::Nop | Op::Resume | Op::MakeCell | Op::CopyFreeVars | Op::SetupAnnotations | Op::Swap => 0,
        Op::JumpForward | Op::JumpBackward | Op::JumpBackwardNoInterrupt => 0,
        Op::DeleteFast | Op::DeleteDeref | Op::DeleteGlobal | Op::DeleteName => 0,
        Op::CheckEgMatch | Op::CheckExcMatch | Op::FormatSimple | Op::ConvertValue => 0,
        Op::GetAiter | Op::GetIter | Op::GetYieldFromIter | Op::GetAwaitable | Op::MakeFunction => 0,
        Op::ToBool | Op::UnaryInvert | Op::UnaryNegative | Op::UnaryNot | Op::CallIntrinsic1 => 0,
        Op::LoadFromDictOrDeref | Op::LoadFromDictOrGlobals | Op::Send | Op::YieldValue => 0,
        Op::PopTop | Op::PopIter | Op::EndFor | Op::EndSend | Op::PopExcept | Op::ReturnValue => -1,
        Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::PopJumpIfNone | Op::PopJumpIfNotNone => -1,
        Op::StoreFast | Op::StoreDeref | Op::StoreGlobal | Op::StoreName | Op::DeleteAttr => -1,
        Op::BinaryOp | Op::CompareOp | Op::IsOp | Op::ContainsOp | Op::FormatWithSpec => -1,
        Op::ListAppend | Op::ListExtend | Op::SetAdd | Op::SetUpdate | Op::DictMerge | Op::DictUpdate => -1,
        Op::CallIntrinsic2 | Op::SetFunctionAttribute | Op::ImportName | Op::BuildTemplate => -1,
        Op::CleanupThrow | Op::Reraise => -1,
        Op::BinarySlice | Op::DeleteSubscr | Op::StoreAttr | Op::MapAdd | Op::MatchClass => -2,
        Op::EndAsyncFor => -2,
        Op::StoreSubscr | Op::CallFunctionEx => -3,
        Op::StoreSlice => -4,
        Op::LoadConst | Op::LoadSmallInt | Op::LoadCommonConstant | Op::LoadName | Op::LoadDeref => 1,
        Op::LoadFast | Op::LoadFastCheck | Op::LoadFastAndClear | Op::PushNull | Op::Copy => 1,
        Op::LoadBuildClass | Op::LoadLocals | Op::GetLen | Op::GetAnext | Op::ImportFrom => 1,
        Op::MatchKeys | Op::MatchMapping | Op::MatchSequence | Op::PushExcInfo | Op::WithExceptStart => 1,
        Op::ReturnGenerator | Op::ForIter | Op::LoadSpecial => 1,
        Op::LoadGlobal => 1 + (n & 1),
        Op::LoadAttr => n & 1,
        Op::LoadSuperAttr => (n & 1) - 2,
        Op::BuildList | Op::BuildSet | Op::BuildString | Op::BuildTuple | Op::BuildSlice => 1 - n,
        Op::BuildMap => 1 - 2 * n,
        Op::BuildInterpolation => -1 - (n & 1),
        Op::Call => -1 - n,
        Op::CallKw => -2 - n,
        Op::RaiseVarargs => -n,
        Op::UnpackSequence => n - 1,
        Op::UnpackEx => (n & 0xff) + (n >> 8),
        Op::LoadFastLoadFast | Op::FastFastBinary | Op::FastSmallBinary | Op::FastFastCompare => 1,
        Op::FastSmallCompare | Op::FastAttr | Op::FastStoreAttr | Op::FastBinary => 1,
        Op::StoreFastLoadFast => -1,
    }
}
