//! Exceptions: the hierarchy, what every exception has, and the classes with fields of their own.

mod base;
mod fields;
mod groups;
mod os_error;
mod syntax;
mod unicode;

use super::Defs;
use crate::types::{Layout, TypeDef, TypeRef, core, type_flags};

const FLAGS: u32 = type_flags::BASETYPE | type_flags::IS_EXCEPTION | type_flags::HAS_DICT | type_flags::HAS_WEAKREF;

/// An exception class without members of its own.
macro_rules! plain {
    ($($constant:ident $name:literal $base:ident $doc:literal;)*) => {
        $(static $constant: TypeDef = TypeDef {
            name: $name,
            module: "builtins",
            base: Some(TypeRef::Core(core::$base)),
            layout: Layout::Exception,
            flags: FLAGS,
            members: &[],
            doc: $doc,
            finish: None,
        };)*
        static PLAIN: &[(crate::value::Value, &TypeDef)] = &[$((core::$constant, &$constant)),*];
    };
}

/// An exception class with members.
macro_rules! with_members {
    ($($constant:ident $name:literal $base:ident $members:expr, $doc:literal;)*) => {
        $(static $constant: TypeDef = TypeDef {
            name: $name,
            module: "builtins",
            base: Some(TypeRef::Core(core::$base)),
            layout: Layout::Exception,
            flags: FLAGS,
            members: $members,
            doc: $doc,
            finish: None,
        };)*
    };
}

with_members! {
    BASE_EXCEPTION "BaseException" OBJECT &[base::MEMBERS], "Common base class for all exceptions.";
    BASE_EXCEPTION_GROUP "BaseExceptionGroup" BASE_EXCEPTION &[groups::MEMBERS], "A combination of multiple unrelated exceptions.";
    SYSTEM_EXIT "SystemExit" BASE_EXCEPTION &[fields::SYSTEM_EXIT], "Request to exit from the interpreter.";
    STOP_ITERATION "StopIteration" EXCEPTION &[fields::STOP_ITERATION], "Signal the end from iterator.__next__().";
    ATTRIBUTE_ERROR "AttributeError" EXCEPTION &[fields::ATTRIBUTE_ERROR], "Attribute not found.";
    NAME_ERROR "NameError" EXCEPTION &[fields::NAME_ERROR], "Name not found globally.";
    IMPORT_ERROR "ImportError" EXCEPTION &[fields::IMPORT_ERROR], "Import can't find module, or can't find name in module.";
    KEY_ERROR "KeyError" LOOKUP_ERROR &[fields::KEY_ERROR], "Mapping key not found.";
    OS_ERROR "OSError" EXCEPTION &[os_error::MEMBERS], "Base class for I/O related errors.";
    SYNTAX_ERROR "SyntaxError" EXCEPTION &[syntax::MEMBERS], "Invalid syntax.";
    UNICODE_DECODE_ERROR "UnicodeDecodeError" UNICODE_ERROR &[unicode::SHARED, unicode::DECODE], "Unicode decoding error.";
    UNICODE_ENCODE_ERROR "UnicodeEncodeError" UNICODE_ERROR &[unicode::SHARED, unicode::ENCODE], "Unicode encoding error.";
    UNICODE_TRANSLATE_ERROR "UnicodeTranslateError" UNICODE_ERROR &[unicode::SHARED, unicode::TRANSLATE], "Unicode translation error.";
}

plain! {
    EXCEPTION "Exception" BASE_EXCEPTION "Common base class for all non-exit exceptions.";
    KEYBOARD_INTERRUPT "KeyboardInterrupt" BASE_EXCEPTION "Program interrupted by user.";
    GENERATOR_EXIT "GeneratorExit" BASE_EXCEPTION "Request that a generator exit.";
    STOP_ASYNC_ITERATION "StopAsyncIteration" EXCEPTION "Signal the end from iterator.__anext__().";
    ARITHMETIC_ERROR "ArithmeticError" EXCEPTION "Base class for arithmetic errors.";
    FLOATING_POINT_ERROR "FloatingPointError" ARITHMETIC_ERROR "Floating-point operation failed.";
    OVERFLOW_ERROR "OverflowError" ARITHMETIC_ERROR "Result too large to be represented.";
    ZERO_DIVISION_ERROR "ZeroDivisionError" ARITHMETIC_ERROR "Second argument to a division or modulo operation was zero.";
    ASSERTION_ERROR "AssertionError" EXCEPTION "Assertion failed.";
    BUFFER_ERROR "BufferError" EXCEPTION "Buffer error.";
    EOF_ERROR "EOFError" EXCEPTION "Read beyond end of file.";
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError" IMPORT_ERROR "Module not found.";
    LOOKUP_ERROR "LookupError" EXCEPTION "Base class for lookup errors.";
    INDEX_ERROR "IndexError" LOOKUP_ERROR "Sequence index out of range.";
    MEMORY_ERROR "MemoryError" EXCEPTION "Out of memory.";
    UNBOUND_LOCAL_ERROR "UnboundLocalError" NAME_ERROR "Local name referenced but not bound to a value.";
    BLOCKING_IO_ERROR "BlockingIOError" OS_ERROR "I/O operation would block.";
    CHILD_PROCESS_ERROR "ChildProcessError" OS_ERROR "Child process error.";
    CONNECTION_ERROR "ConnectionError" OS_ERROR "Connection error.";
    BROKEN_PIPE_ERROR "BrokenPipeError" CONNECTION_ERROR "Broken pipe.";
    CONNECTION_ABORTED_ERROR "ConnectionAbortedError" CONNECTION_ERROR "Connection aborted.";
    CONNECTION_REFUSED_ERROR "ConnectionRefusedError" CONNECTION_ERROR "Connection refused.";
    CONNECTION_RESET_ERROR "ConnectionResetError" CONNECTION_ERROR "Connection reset.";
    FILE_EXISTS_ERROR "FileExistsError" OS_ERROR "File already exists.";
    FILE_NOT_FOUND_ERROR "FileNotFoundError" OS_ERROR "File not found.";
    INTERRUPTED_ERROR "InterruptedError" OS_ERROR "Interrupted by signal.";
    IS_A_DIRECTORY_ERROR "IsADirectoryError" OS_ERROR "Operation doesn't work on directories.";
    NOT_A_DIRECTORY_ERROR "NotADirectoryError" OS_ERROR "Operation only works on directories.";
    PERMISSION_ERROR "PermissionError" OS_ERROR "Not enough permissions.";
    PROCESS_LOOKUP_ERROR "ProcessLookupError" OS_ERROR "Process not found.";
    TIMEOUT_ERROR "TimeoutError" OS_ERROR "Timeout expired.";
    REFERENCE_ERROR "ReferenceError" EXCEPTION "Weak ref proxy used after referent went away.";
    RUNTIME_ERROR "RuntimeError" EXCEPTION "Unspecified run-time error.";
    NOT_IMPLEMENTED_ERROR "NotImplementedError" RUNTIME_ERROR "Method or function hasn't been implemented yet.";
    PYTHON_FINALIZATION_ERROR "PythonFinalizationError" RUNTIME_ERROR "Operation blocked during Python finalization.";
    RECURSION_ERROR "RecursionError" RUNTIME_ERROR "Recursion limit exceeded.";
    INDENTATION_ERROR "IndentationError" SYNTAX_ERROR "Improper indentation.";
    TAB_ERROR "TabError" INDENTATION_ERROR "Improper mixture of spaces and tabs.";
    INCOMPLETE_INPUT_ERROR "_IncompleteInputError" SYNTAX_ERROR "incomplete input.";
    SYSTEM_ERROR "SystemError" EXCEPTION "Internal error in the Python interpreter.";
    TYPE_ERROR "TypeError" EXCEPTION "Inappropriate argument type.";
    VALUE_ERROR "ValueError" EXCEPTION "Inappropriate argument value (of correct type).";
    UNICODE_ERROR "UnicodeError" VALUE_ERROR "Unicode related error.";
    WARNING "Warning" EXCEPTION "Base class for warning categories.";
    BYTES_WARNING "BytesWarning" WARNING "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str.";
    DEPRECATION_WARNING "DeprecationWarning" WARNING "Base class for warnings about deprecated features.";
    ENCODING_WARNING "EncodingWarning" WARNING "Base class for warnings about encodings.";
    FUTURE_WARNING "FutureWarning" WARNING "Base class for warnings about constructs that will change semantically\nin the future.";
    IMPORT_WARNING "ImportWarning" WARNING "Base class for warnings about probable mistakes in module imports";
    PENDING_DEPRECATION_WARNING "PendingDeprecationWarning" WARNING "Base class for warnings about features which will be deprecated\nin the future.";
    RESOURCE_WARNING "ResourceWarning" WARNING "Base class for warnings about resource usage.";
    RUNTIME_WARNING "RuntimeWarning" WARNING "Base class for warnings about dubious runtime behavior.";
    SYNTAX_WARNING "SyntaxWarning" WARNING "Base class for warnings about dubious syntax.";
    UNICODE_WARNING "UnicodeWarning" WARNING "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.";
    USER_WARNING "UserWarning" WARNING "Base class for warnings generated by user code.";
}

/// The classes with members, and `ExceptionGroup`, whose second base is added when the types boot.
static OTHERS: Defs = &[
    (core::BASE_EXCEPTION, &BASE_EXCEPTION),
    (core::BASE_EXCEPTION_GROUP, &BASE_EXCEPTION_GROUP),
    (core::EXCEPTION_GROUP, &groups::EXCEPTION_GROUP),
    (core::SYSTEM_EXIT, &SYSTEM_EXIT),
    (core::STOP_ITERATION, &STOP_ITERATION),
    (core::ATTRIBUTE_ERROR, &ATTRIBUTE_ERROR),
    (core::NAME_ERROR, &NAME_ERROR),
    (core::IMPORT_ERROR, &IMPORT_ERROR),
    (core::KEY_ERROR, &KEY_ERROR),
    (core::OS_ERROR, &OS_ERROR),
    (core::SYNTAX_ERROR, &SYNTAX_ERROR),
    (core::UNICODE_DECODE_ERROR, &UNICODE_DECODE_ERROR),
    (core::UNICODE_ENCODE_ERROR, &UNICODE_ENCODE_ERROR),
    (core::UNICODE_TRANSLATE_ERROR, &UNICODE_TRANSLATE_ERROR),
];

/// The types of this area.
pub fn defs() -> impl Iterator<Item = &'static (crate::value::Value, &'static TypeDef)> {
    OTHERS.iter().chain(PLAIN)
}
