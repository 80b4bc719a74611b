# _symtable: the constants that symtable is written with; there are no tables to show.
USE = 16
DEF_GLOBAL, DEF_LOCAL, DEF_PARAM, DEF_NONLOCAL, DEF_TYPE_PARAM, DEF_ANNOT = 1, 2, 4, 8, 512, 256
DEF_FREE_CLASS, DEF_IMPORT, DEF_COMP_ITER, DEF_COMP_CELL, DEF_BOUND = 64, 128, 512, 2048, 2 | 4 | 128 | 512
TYPE_FUNCTION, TYPE_CLASS, TYPE_MODULE, TYPE_ANNOTATION, TYPE_TYPE_ALIAS, TYPE_TYPE_PARAMETERS, TYPE_TYPE_VARIABLE = range(7)
SCOPE_OFF, SCOPE_MASK = 12, 15
LOCAL, GLOBAL_EXPLICIT, GLOBAL_IMPLICIT, FREE, CELL = 1, 2, 3, 4, 5


def symtable(source, filename, startstr, /):
    raise NotImplementedError('Heddle does not support symtable')
