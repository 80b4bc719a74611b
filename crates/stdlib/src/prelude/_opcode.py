# _opcode: tables over the opcode numbers of CPython 3.14, as dis and opcode ask for them.
from _opcode_metadata import opmap as _opmap, HAVE_ARGUMENT as _HAVE_ARGUMENT

ENABLE_SPECIALIZATION = True
ENABLE_SPECIALIZATION_FT = False

_CONST = {'LOAD_CONST', 'RETURN_CONST', 'LOAD_CONST_IMMORTAL', 'LOAD_CONST_MORTAL'}
_NAME = {
    'DELETE_ATTR', 'DELETE_GLOBAL', 'DELETE_NAME', 'IMPORT_FROM', 'IMPORT_NAME', 'LOAD_ATTR', 'LOAD_FROM_DICT_OR_GLOBALS', 'LOAD_GLOBAL',
    'LOAD_NAME', 'LOAD_SUPER_ATTR', 'STORE_ATTR', 'STORE_GLOBAL', 'STORE_NAME',
}
_JUMP = {
    'END_ASYNC_FOR', 'FOR_ITER', 'JUMP', 'JUMP_BACKWARD', 'JUMP_BACKWARD_NO_INTERRUPT', 'JUMP_FORWARD', 'JUMP_IF_FALSE', 'JUMP_IF_TRUE',
    'JUMP_NO_INTERRUPT', 'POP_JUMP_IF_FALSE', 'POP_JUMP_IF_NONE', 'POP_JUMP_IF_NOT_NONE', 'POP_JUMP_IF_TRUE', 'SEND',
}
_FREE = {'COPY_FREE_VARS', 'DELETE_DEREF', 'LOAD_CLOSURE', 'LOAD_DEREF', 'LOAD_FROM_DICT_OR_DEREF', 'MAKE_CELL', 'STORE_DEREF'}
_LOCAL = {
    'DELETE_FAST', 'LOAD_FAST', 'LOAD_FAST_AND_CLEAR', 'LOAD_FAST_BORROW', 'LOAD_FAST_BORROW_LOAD_FAST_BORROW', 'LOAD_FAST_CHECK',
    'LOAD_FAST_LOAD_FAST', 'STORE_FAST', 'STORE_FAST_LOAD_FAST', 'STORE_FAST_MAYBE_NULL', 'STORE_FAST_STORE_FAST',
}
_EXC = {'SETUP_CLEANUP', 'SETUP_FINALLY', 'SETUP_WITH'}
_names = {number: name for name, number in _opmap.items()}


def _in(table):
    def has(opcode, /):
        return _names.get(opcode) in table
    return has


has_const = _in(_CONST)
has_name = _in(_NAME)
has_jump = _in(_JUMP)
has_free = _in(_FREE)
has_local = _in(_LOCAL)
has_exc = _in(_EXC)


def has_arg(opcode, /):
    return opcode > _HAVE_ARGUMENT and opcode in _names


def stack_effect(opcode, oparg=None, /, *, jump=None):
    raise NotImplementedError('Heddle does not support _opcode.stack_effect')


def get_executor(*, code, offset):
    return None


def get_nb_ops():
    return [
        ('NB_ADD', '+'), ('NB_AND', '&'), ('NB_FLOOR_DIVIDE', '//'), ('NB_LSHIFT', '<<'), ('NB_MATRIX_MULTIPLY', '@'), ('NB_MULTIPLY', '*'),
        ('NB_REMAINDER', '%'), ('NB_OR', '|'), ('NB_POWER', '**'), ('NB_RSHIFT', '>>'), ('NB_SUBTRACT', '-'), ('NB_TRUE_DIVIDE', '/'),
        ('NB_XOR', '^'), ('NB_INPLACE_ADD', '+='), ('NB_INPLACE_AND', '&='), ('NB_INPLACE_FLOOR_DIVIDE', '//='), ('NB_INPLACE_LSHIFT', '<<='),
        ('NB_INPLACE_MATRIX_MULTIPLY', '@='), ('NB_INPLACE_MULTIPLY', '*='), ('NB_INPLACE_REMAINDER', '%='), ('NB_INPLACE_OR', '|='),
        ('NB_INPLACE_POWER', '**='), ('NB_INPLACE_RSHIFT', '>>='), ('NB_INPLACE_SUBTRACT', '-='), ('NB_INPLACE_TRUE_DIVIDE', '/='),
        ('NB_INPLACE_XOR', '^='), ('NB_SUBSCR', '[]'),
    ]


def get_intrinsic1_descs():
    return [
        'INTRINSIC_1_INVALID', 'INTRINSIC_PRINT', 'INTRINSIC_IMPORT_STAR', 'INTRINSIC_STOPITERATION_ERROR', 'INTRINSIC_ASYNC_GEN_WRAP',
        'INTRINSIC_UNARY_POSITIVE', 'INTRINSIC_LIST_TO_TUPLE', 'INTRINSIC_TYPEVAR', 'INTRINSIC_PARAMSPEC', 'INTRINSIC_TYPEVARTUPLE',
        'INTRINSIC_SUBSCRIPT_GENERIC', 'INTRINSIC_TYPEALIAS',
    ]


def get_intrinsic2_descs():
    return [
        'INTRINSIC_2_INVALID', 'INTRINSIC_PREP_RERAISE_STAR', 'INTRINSIC_TYPEVAR_WITH_BOUND', 'INTRINSIC_TYPEVAR_WITH_CONSTRAINTS',
        'INTRINSIC_SET_FUNCTION_TYPE_PARAMS', 'INTRINSIC_SET_TYPEPARAM_DEFAULT',
    ]


def get_special_method_names():
    return ['__enter__', '__exit__', '__aenter__', '__aexit__']
