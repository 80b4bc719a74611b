//! Well-known names: interned strings at fixed handles behind the core's types, the same in every image.

use crate::types::core;
use crate::value::Value;

macro_rules! names {
    ($($constant:ident = $text:literal)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)] // only counts
        #[repr(u32)]
        enum Number { $($constant,)* END }
        $(#[doc = concat!("`", $text, "`")] pub const $constant: Value = Value::from_handle(core::END + Number::$constant as u32);)*
        /// Every name with its text, in order of the handles.
        pub const ALL: &[(Value, &str)] = &[$(($constant, $text)),*];
        /// First handle behind the names: here the ordinary heap begins.
        pub const END: u32 = core::END + Number::END as u32;
    };
}

names! {
    EMPTY = "" ABS = "__abs__" ABSTRACTMETHODS = "__abstractmethods__" ADD = "__add__" AENTER = "__aenter__" AEXIT = "__aexit__"
    AITER = "__aiter__" ALL_ = "__all__" AND = "__and__" ANEXT = "__anext__" ANNOTATE = "__annotate__" ANNOTATE_FUNC = "__annotate_func__"
    ANNOTATIONS = "__annotations__" ANNOTATIONS_CACHE = "__annotations_cache__" ARGS = "args" AWAIT = "__await__" BASES = "__bases__" BOOL = "__bool__"
    BUILD_CLASS = "__build_class__" BUILTINS_DUNDER = "__builtins__" BUILTINS = "builtins" BYTES = "__bytes__" CACHED = "__cached__" CALL = "__call__"
    CALLBACK = "__callback__" CAUSE = "__cause__" CEIL = "__ceil__" CLASS = "__class__" CLASSCELL = "__classcell__" CLASSDICT = "__classdict__"
    CLASSDICTCELL = "__classdictcell__" CLASS_GETITEM = "__class_getitem__" CLOSE = "close" CODE = "__code__" COMPLEX = "__complex__" CONTAINS = "__contains__"
    CONTEXT = "__context__" COPY = "copy" DEFAULTS = "__defaults__" DEL = "__del__" DELATTR = "__delattr__" DELETE = "__delete__"
    DELITEM = "__delitem__" DICT = "__dict__" DICTOFFSET = "__dictoffset__" DIR = "__dir__" DIVMOD = "__divmod__" DOC = "__doc__"
    END_ = "end" ENTER = "__enter__" EQ = "__eq__" EXIT = "__exit__" FILE = "__file__" FILENAME = "filename" FILE_ARG = "file"
    FIRSTLINENO = "__firstlineno__" FLOAT = "__float__" FLOOR = "__floor__" FLOORDIV = "__floordiv__" FLUSH = "flush" FORMAT = "__format__"
    FSPATH = "__fspath__" GE = "__ge__" GET = "__get__" GETATTR = "__getattr__" GETATTRIBUTE = "__getattribute__" GETITEM = "__getitem__"
    GETSTATE = "__getstate__" GLOBALS = "__globals__" GT = "__gt__" HASH = "__hash__" IADD = "__iadd__" IAND = "__iand__" IFLOORDIV = "__ifloordiv__"
    ILSHIFT = "__ilshift__" IMATMUL = "__imatmul__" IMOD = "__imod__" IMPORT = "__import__" IMUL = "__imul__" INDEX = "__index__" INIT = "__init__"
    INITIALIZING = "_initializing" INIT_SUBCLASS = "__init_subclass__" INSTANCECHECK = "__instancecheck__" INT = "__int__" INVERT = "__invert__" IOR = "__ior__"
    IPOW = "__ipow__" IRSHIFT = "__irshift__" ISABSTRACTMETHOD = "__isabstractmethod__" ISUB = "__isub__" ITEMS = "items" ITER = "__iter__"
    ITRUEDIV = "__itruediv__" IXOR = "__ixor__" KEY = "key" KEYS = "keys" KWDEFAULTS = "__kwdefaults__" LE = "__le__" LEN = "__len__"
    LENGTH_HINT = "__length_hint__" LINENO = "lineno" LOADER = "__loader__" LSHIFT = "__lshift__" LT = "__lt__" MAIN = "__main__" MATCH_ARGS = "__match_args__"
    MATMUL = "__matmul__" METACLASS = "metaclass" MISSING = "__missing__" MOD = "__mod__" MODULE = "__module__" MRO = "__mro__"
    MRO_FUNC = "mro" MRO_ENTRIES = "__mro_entries__" MSG = "msg" MUL = "__mul__" NAME = "__name__" NAME_ARG = "name" NE = "__ne__" NEG = "__neg__"
    NEW = "__new__" NEXT = "__next__" NOTES = "__notes__" OBJ = "obj" OFFSET = "offset" OR = "__or__" ORIG_BASES = "__orig_bases__" ORIG_CLASS = "__orig_class__"
    PACKAGE = "__package__" PATH = "__path__" PATH_ARG = "path" POS = "__pos__" POW = "__pow__" PREPARE = "__prepare__" PRINT_FILE_AND_LINE = "print_file_and_line"
    QUALNAME = "__qualname__" RADD = "__radd__" RAND = "__rand__" RDIVMOD = "__rdivmod__" REDUCE = "__reduce__" REDUCE_EX = "__reduce_ex__" REPR = "__repr__"
    REVERSE = "reverse" REVERSED = "__reversed__" RFLOORDIV = "__rfloordiv__" RLSHIFT = "__rlshift__" RMATMUL = "__rmatmul__" RMOD = "__rmod__"
    RMUL = "__rmul__" ROR = "__ror__" ROUND = "__round__" RPOW = "__rpow__" RRSHIFT = "__rrshift__" RSHIFT = "__rshift__" RSUB = "__rsub__"
    RTRUEDIV = "__rtruediv__" RXOR = "__rxor__" SELF = "self" SEND = "send" SEP = "sep" SET = "__set__" SETATTR = "__setattr__" SETITEM = "__setitem__"
    SETSTATE = "__setstate__" SET_NAME = "__set_name__" SIZEOF = "__sizeof__" SLOTS = "__slots__" SPEC = "__spec__" STATIC_ATTRIBUTES = "__static_attributes__"
    STDERR = "stderr" STDIN = "stdin" STDOUT = "stdout" STR = "__str__" SUB = "__sub__" SUBCLASSCHECK = "__subclasscheck__" SUBCLASSHOOK = "__subclasshook__"
    SUPPRESS_CONTEXT = "__suppress_context__" THROW = "throw" TRACEBACK = "__traceback__" TRUEDIV = "__truediv__" TRUNC = "__trunc__" TYPE_PARAMS = "__type_params__"
    VALUE = "value" WEAKREF = "__weakref__" WRITE = "write" XOR = "__xor__" LAMBDA = "<lambda>" MODULE_NAME = "<module>" STRING_NAME = "<string>"
    ALIASES = "aliases" CODE_ARG = "code" ERRNO = "errno" STRERROR = "strerror" FILENAME2 = "filename2" ENCODING = "encoding" OBJECT_ARG = "object"
    START = "start" END_ARG = "end_" REASON = "reason" DEFAULT = "default" EXCEPTHOOK = "excepthook" MODULES = "modules" CONDITIONAL_ANNOTATIONS = "__conditional_annotations__"
    RETURN = "return" ALLOCATE_LOCK = "allocate_lock" DISPLAYHOOK = "displayhook" UNRAISABLEHOOK = "unraisablehook" STRICT = "strict" EXCEPTIONS = "exceptions" MESSAGE = "message"
    TYPING_SUBST = "__typing_subst__" PARAMETERS = "__parameters__" ORIGIN = "__origin__" ARGS_DUNDER = "__args__" UNPACKED = "__typing_unpacked_tuple_args__" BUFFER = "__buffer__" RELEASE_BUFFER = "__release_buffer__"
    TYPING_PREPARE_SUBST = "__typing_prepare_subst__" WRAPPED = "__wrapped__" OBJCLASS = "__objclass__" TEXT_SIGNATURE = "__text_signature__" FUNC = "__func__" SELF_DUNDER = "__self__"
    CALL_SOON = "call_soon" CONTEXT_ARG = "context" CANCEL = "cancel" RESULT = "result"
}
