# _locale: the C locale, with UTF-8 as the encoding of text.
LC_CTYPE, LC_NUMERIC, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES, LC_ALL = range(7)
CHAR_MAX = 127
Error = ValueError

CODESET, RADIXCHAR, THOUSEP, D_T_FMT, D_FMT, T_FMT, T_FMT_AMPM = 14, 65536, 65537, 131112, 131113, 131114, 131115
AM_STR, PM_STR, YESEXPR, NOEXPR, CRNCYSTR = 131110, 131111, 327680, 327681, 262159
ERA, ERA_D_FMT, ALT_DIGITS, ERA_D_T_FMT, ERA_T_FMT = 131116, 131118, 131119, 131120, 131121
_INFO = {
    CODESET: 'UTF-8', RADIXCHAR: '.', THOUSEP: '', D_T_FMT: '%a %b %e %H:%M:%S %Y', D_FMT: '%m/%d/%y', T_FMT: '%H:%M:%S',
    T_FMT_AMPM: '%I:%M:%S %p', AM_STR: 'AM', PM_STR: 'PM', YESEXPR: '^[yY]', NOEXPR: '^[nN]', CRNCYSTR: '-', ERA: '', ERA_D_FMT: '',
    ALT_DIGITS: '', ERA_D_T_FMT: '', ERA_T_FMT: '',
}
for _i, (_short, _long) in enumerate([('Sun', 'Sunday'), ('Mon', 'Monday'), ('Tue', 'Tuesday'), ('Wed', 'Wednesday'), ('Thu', 'Thursday'),
                                      ('Fri', 'Friday'), ('Sat', 'Saturday')]):
    globals()[f'ABDAY_{_i + 1}'] = 131072 + _i
    globals()[f'DAY_{_i + 1}'] = 131079 + _i
    _INFO[131072 + _i], _INFO[131079 + _i] = _short, _long
for _i, _long in enumerate(['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November',
                            'December']):
    globals()[f'ABMON_{_i + 1}'] = 131086 + _i
    globals()[f'MON_{_i + 1}'] = 131098 + _i
    _INFO[131086 + _i], _INFO[131098 + _i] = _long[:3], _long


def localeconv():
    numbers = dict.fromkeys(('int_frac_digits', 'frac_digits', 'p_cs_precedes', 'p_sep_by_space', 'n_cs_precedes', 'n_sep_by_space',
                             'p_sign_posn', 'n_sign_posn'), CHAR_MAX)
    texts = dict.fromkeys(('thousands_sep', 'int_curr_symbol', 'currency_symbol', 'mon_decimal_point', 'mon_thousands_sep',
                           'positive_sign', 'negative_sign'), '')
    return {'decimal_point': '.', 'grouping': [], 'mon_grouping': [], **texts, **numbers}


def setlocale(category, locale=None, /):
    if category not in range(13):
        raise Error('invalid locale category')
    if locale in (None, '', 'C', 'POSIX', 'C.UTF-8', 'C.utf8'):
        return 'C'
    raise Error('unsupported locale setting')


def nl_langinfo(key, /):
    try:
        return _INFO[key]
    except KeyError:
        raise ValueError('unsupported langinfo constant') from None


def getencoding():
    return 'UTF-8'


def strcoll(a, b, /):
    return (a > b) - (a < b)


def strxfrm(string, /):
    return string


def gettext(msg, /):
    return msg


def dgettext(domain, msg, /):
    return msg


def dcgettext(domain, msg, category, /):
    return msg


def textdomain(domain, /):
    return 'messages'


def bindtextdomain(domain, dir, /):
    return dir


def bind_textdomain_codeset(domain, codeset, /):
    return codeset
