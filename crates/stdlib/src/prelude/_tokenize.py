# _tokenize: the tokens of Python source, as tokenize passes them on. All lines are read when the first token is asked for.
import re as _re
import token as _token
from token import (
    COMMENT, DEDENT, ENDMARKER, FSTRING_END, FSTRING_MIDDLE, FSTRING_START, INDENT, NAME, NEWLINE, NL, NUMBER, OP, STRING, TSTRING_END,
    TSTRING_MIDDLE, TSTRING_START)

_digits = r'[0-9](?:_?[0-9])*'
_exponent = rf'(?:[eE][-+]?{_digits})'
_float = rf'(?:{_digits}\.(?:{_digits})?|\.{_digits}){_exponent}?|{_digits}{_exponent}'
_number = _re.compile(
    rf'0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:{_float}|{_digits})[jJ]|{_float}|0(?:_?0)*|[1-9](?:_?[0-9])*|{_digits}')
_name = _re.compile(r'\w+')
_quote = _re.compile(r'([a-zA-Z]{0,2})("""|\'\'\'|"|\')')
_space = _re.compile(r'[ \f\t]*')
_operator = _re.compile('|'.join(_re.escape(op) for op in sorted(_token.EXACT_TOKEN_TYPES, key=len, reverse=True)) + '|!')
_PREFIXES = {'', 'r', 'u', 'b', 'br', 'rb', 'f', 'fr', 'rf', 't', 'tr', 'rt'}
_CLOSERS = {'(': ')', '[': ']', '{': '}'}


class TokenizerIter:
    def __init__(self, readline, *, encoding=None, extra_tokens=False):
        self._tokens = _Tokenizer(readline, encoding, extra_tokens).tokens()

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._tokens)


TokenizerIter.__module__ = '_tokenize'


class _Literal:
    # An f-string or t-string that is open: its delimiter, whether it is raw, its tokens, and where in it we are.
    def __init__(self, prefix, quote, start):
        self.quote = quote
        self.raw = 'r' in prefix.lower()
        self.start = start
        formatted = 'f' in prefix.lower()
        self.kind = 'f' if formatted else 't'
        self.middle, self.end = (FSTRING_MIDDLE, FSTRING_END) if formatted else (TSTRING_MIDDLE, TSTRING_END)
        # Of each replacement field that is open: depth of brackets around its expression, and whether its format follows.
        self.fields = []


class _Tokenizer:
    def __init__(self, readline, encoding, extra):
        self.readline = readline
        self.encoding = encoding
        self.extra = extra
        self.row, self.col = 1, 0
        self.line = ''
        self.brackets = []
        self.literals = []

    def read(self):
        lines = []
        while True:
            try:
                line = self.readline()
            except StopIteration:
                break
            if self.encoding is not None:
                if not isinstance(line, (bytes, bytearray)):
                    raise TypeError('readline() returned a non-bytes object')
                line = line.decode(self.encoding)
            elif not isinstance(line, str):
                raise TypeError('readline() returned a non-string object')
            if not line:
                break
            lines.extend(line.splitlines(keepends=True) if '\n' in line[:-1] or '\r' in line else [line])
        return lines

    def error(self, message, row=None, col=None, kind=SyntaxError):
        row = self.row if row is None else row
        col = self.col + 1 if col is None else col
        text = self.lines[row - 1] if 0 < row <= len(self.lines) else ''
        return kind(message, ('<string>', row, col, text, row, col))

    def make(self, kind, text, start, end, line=None):
        if kind == OP and not self.extra:
            kind = _token.EXACT_TOKEN_TYPES.get(text, OP)
        return kind, text, start, end, self.line if line is None else line

    def tokens(self):
        self.lines = self.read()
        self.indents = [(0, 0)]
        continued = False
        ended = True
        while self.row <= len(self.lines):
            self.line = self.lines[self.row - 1]
            self.col = 0
            if not continued and not self.brackets and not self.literals:
                if (yield from self.indentation()):
                    self.row += 1
                    continue
            continued = False
            ended = False
            state = yield from self.rest_of_line()
            continued = state == 'continued'
            ended = state == 'ended'
            self.row += 1
        last = len(self.lines)
        if self.literals:
            literal = self.literals[-1]
            where = 'triple-quoted ' if len(literal.quote) == 3 else ''
            raise self.error(f'unterminated {where}{literal.kind}-string literal (detected at line {last})', *literal.start)
        if self.brackets or continued:
            raise self.error('unexpected EOF in multi-line statement', last + (not self.lines[-1:] or self.lines[-1].endswith('\n')), 0)
        if not ended:
            end = (last, len(self.lines[-1]))
            yield self.make(NEWLINE, '', end, (last, end[1] + 1), self.lines[-1])
        for _ in self.indents[1:]:
            yield self.make(DEDENT, '', (last + 1, 0), (last + 1, 0), '')
        yield self.make(ENDMARKER, '', (last + 1, 0), (last + 1, 0), '')

    def indentation(self):
        # The tokens of a line's beginning; True if the line holds no more than a comment.
        line, row = self.line, self.row
        col = alternative = at = 0
        for c in line:
            if c == ' ':
                col, alternative = col + 1, alternative + 1
            elif c == '\t':
                col, alternative = (col // 8 + 1) * 8, alternative + 1
            elif c == '\f':
                col = alternative = 0
            else:
                break
            at += 1
        self.col = at
        rest = line[at:]
        if rest[:1] in ('#', '\r', '\n', ''):
            if self.extra:
                if rest[:1] == '#':
                    comment = rest.rstrip('\r\n')
                    yield self.make(COMMENT, comment, (row, at), (row, at + len(comment)))
                    at += len(comment)
                end = line[at:]
                if end:
                    yield self.make(NL, '\n' if end == '\r' else end, (row, at), (row, at + len(end)))
                elif rest:
                    yield self.make(NL, '', (row, at), (row, at + 1), '' if rest[:1] != '#' else None)
            return True
        here = (col, alternative)
        if col > self.indents[-1][0]:
            if alternative <= self.indents[-1][1]:
                raise self.error('inconsistent use of tabs and spaces in indentation', kind=TabError)
            self.indents.append(here)
            yield self.make(INDENT, line[:at], (row, 0), (row, at))
        while col < self.indents[-1][0]:
            self.indents.pop()
            if col > self.indents[-1][0]:
                raise self.error('unindent does not match any outer indentation level', kind=IndentationError)
            yield self.make(DEDENT, '', (row, at), (row, at))
        return False

    def rest_of_line(self):
        while True:
            if self.literals and self.in_text():
                if not (yield from self.text()):
                    return 'open'
                continue
            line, row = self.line, self.row
            at = _space.match(line, self.col).end()
            self.col = at
            c = line[at:at + 1]
            if not c:
                return 'open'
            if c == '#':
                comment = line[at:].rstrip('\r\n')
                if self.extra:
                    yield self.make(COMMENT, comment, (row, at), (row, at + len(comment)))
                self.col = at + len(comment)
            elif c in '\r\n':
                end = line[at:]
                if self.brackets or self.literals:
                    if self.extra:
                        yield self.make(NL, end, (row, at), (row, at + len(end)))
                    return 'open'
                yield self.make(NEWLINE, end if self.extra else '', (row, at), (row, at + len(end)))
                return 'ended'
            elif c == '\\':
                if line[at + 1:] not in ('\n', '\r\n'):
                    if not line[at + 1:]:
                        raise self.error('unexpected EOF while parsing', row, at + 1)
                    raise self.error('unexpected character after line continuation character', row, at + 1)
                if row == len(self.lines):
                    raise self.error('unexpected EOF while parsing', row + 1, 0)
                return 'continued'
            else:
                yield from self.token(line, row, at, c)

    def token(self, line, row, at, c):
        quote = _quote.match(line, at)
        if quote and quote[1].lower() in _PREFIXES:
            if 'f' in quote[1].lower() or 't' in quote[1].lower():
                literal = _Literal(quote[1], quote[2], (row, at + 1))
                self.literals.append(literal)
                self.col = quote.end()
                kind = FSTRING_START if literal.kind == 'f' else TSTRING_START
                yield self.make(kind, quote[0], (row, at), (row, self.col))
            else:
                yield self.string(quote, row, at)
        elif c.isdigit() or (c == '.' and line[at + 1:at + 2].isdigit()):
            yield self.number(line, row, at)
        elif c == '_' or c.isidentifier():
            self.col = _name.match(line, at).end()
            yield self.make(NAME, line[at:self.col], (row, at), (row, self.col))
        else:
            yield self.operator(line, row, at)

    def number(self, line, row, at):
        match = _number.match(line, at)
        if match is None:
            raise self.error('invalid decimal literal', row, at + 1)
        self.col = match.end()
        text = match[0]
        follows = line[self.col:self.col + 1]
        if text[0] == '0' and len(text) > 1 and text.isdigit() and text.strip('0'):
            raise self.error('leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers', row, at + 1)
        if follows and (follows == '_' or follows.isidentifier()):
            word = _name.match(line, self.col)[0]
            if not any(word.startswith(k) for k in ('and', 'else', 'for', 'if', 'in', 'is', 'not', 'or')):
                kind = {'0x': 'hexadecimal', '0b': 'binary', '0o': 'octal'}.get(text[:2].lower(), 'imaginary' if text[-1] in 'jJ' else 'decimal')
                raise self.error(f'invalid {kind} literal', row, self.col)
        return self.make(NUMBER, text, (row, at), (row, self.col))

    def string(self, quote, row, at):
        end = quote[2]
        col = quote.end()
        first = row
        parts = []
        while True:
            line = self.lines[row - 1]
            from_ = at if row == first else 0
            while col < len(line):
                if line[col] == '\\':
                    col += 1 + (line[col + 1:col + 3] == '\r\n') + 1
                elif line.startswith(end, col):
                    col += len(end)
                    parts.append(line[from_:col])
                    self.row, self.col = row, col
                    shown = ''.join(self.lines[first - 1:row])
                    self.line = line
                    return self.make(STRING, ''.join(parts), (first, at), (row, col), shown)
                elif len(end) == 1 and line[col] in '\r\n':
                    break
                else:
                    col += 1
            stopped = len(end) == 1 and (col < len(line) or not line.endswith('\n'))
            if stopped or row == len(self.lines):
                if len(end) == 1:
                    raise self.error(f'unterminated string literal (detected at line {row})', first, at + 1)
                raise self.error(f'unterminated triple-quoted string literal (detected at line {len(self.lines)})', first, at + 1)
            parts.append(line[from_:])
            row += 1
            col = 0

    def operator(self, line, row, at):
        match = _operator.match(line, at)
        if match is None:
            c = line[at]
            if c in '$?`':
                self.col = at + 1
                if self.extra:
                    return self.make(OP, c, (row, at), (row, at + 1))
            raise self.error(f"invalid {'non-printable ' if not c.isprintable() else ''}character {c!r} (U+{ord(c):04X})", row, at + 1)
        text = match[0]
        literal = self.literals[-1] if self.literals else None
        field = literal.fields[-1] if literal and literal.fields else None
        if field and len(self.brackets) == field[0]:
            if text[0] in ':!}' and text != '!=':
                text = text[0]
        self.col = at + len(text)
        if text in _CLOSERS:
            self.brackets.append((text, row, at))
        elif text in (')', ']', '}'):
            self.close(text, row, at, literal, field)
        elif field and text == ':' and len(self.brackets) == field[0]:
            field[1] = True
        return self.make(OP, text, (row, at), (row, self.col))

    def close(self, text, row, at, literal, field):
        if field and text == '}' and len(self.brackets) == field[0]:
            self.brackets.pop()
            literal.fields.pop()
            return
        if self.extra:
            # tokenize leaves it to the parser to complain.
            del self.brackets[-1:]
            return
        if not self.brackets:
            raise self.error(f"unmatched '{text}'", row, at + 1)
        opener, opened, _ = self.brackets.pop()
        if _CLOSERS[opener] != text:
            where = f' on line {opened}' if opened != row else ''
            raise self.error(f"closing parenthesis '{text}' does not match opening parenthesis '{opener}'{where}", row, at + 1)

    def in_text(self):
        fields = self.literals[-1].fields
        return not fields or (fields[-1][1] and len(self.brackets) == fields[-1][0])

    def text(self):
        # The text of the innermost literal up to its end, a replacement field, or the end of the line (False: more lines follow).
        literal = self.literals[-1]
        quote = literal.quote
        start = (self.row, self.col)
        parts = []
        in_format = bool(literal.fields)
        while True:
            line, col = self.line, self.col
            from_ = col
            while col < len(line):
                c = line[col]
                if line.startswith(quote, col):
                    break
                if c == '{' and line[col + 1:col + 2] == '{' and not in_format:
                    yield self.make(literal.middle, ''.join(parts) + line[from_:col + 1], start, (self.row, col + 1))
                    parts = []
                    col = from_ = col + 2
                    start = (self.row, col)
                    continue
                if c == '}' and line[col + 1:col + 2] == '}' and not in_format:
                    yield self.make(literal.middle, ''.join(parts) + line[from_:col + 1], start, (self.row, col + 1))
                    parts = []
                    col = from_ = col + 2
                    start = (self.row, col)
                    continue
                if c in '{}':
                    break
                if c == '\\' and not literal.raw and line.startswith('N{', col + 1):
                    closing = line.find('}', col)
                    col = closing + 1 if closing >= 0 else col + 3
                    if closing >= 0:
                        yield self.make(literal.middle, ''.join(parts) + line[from_:col], start, (self.row, col))
                        parts = []
                        from_ = col
                        start = (self.row, col)
                elif c == '\\' and line[col + 1:col + 2] not in ('{', '}'):
                    col += 2
                elif c in '\r\n' and len(quote) == 1:
                    raise self.error(f'unterminated {literal.kind}-string literal (detected at line {self.row})', *literal.start)
                else:
                    col += 1
            col = min(col, len(line))
            parts.append(line[from_:col])
            self.col = col
            if col < len(line):
                break
            if self.row == len(self.lines):
                raise self.error(f'unterminated {"triple-quoted " if len(quote) == 3 else ""}{literal.kind}-string literal '
                                 f'(detected at line {self.row})', *literal.start)
            self.row += 1
            self.line, self.col = self.lines[self.row - 1], 0
        row, col = self.row, self.col
        text = ''.join(parts)
        c = self.line[col]
        if text or (in_format and c == '}'):
            yield self.make(literal.middle, text, start, (row, col), ''.join(self.lines[start[0] - 1:row]))
        if c == '{':
            self.brackets.append(('{', row, col))
            literal.fields.append([len(self.brackets), False])
            self.col = col + 1
            yield self.make(OP, '{', (row, col), (row, col + 1))
        elif c == '}':
            if not in_format:
                raise self.error(f"{literal.kind}-string: single '}}' is not allowed", row, col + 1)
            self.brackets.pop()
            literal.fields.pop()
            self.col = col + 1
            yield self.make(OP, '}', (row, col), (row, col + 1))
        else:
            if literal.fields:
                raise self.error(f"{literal.kind}-string: expecting '}}'", row, col + 1)
            self.literals.pop()
            self.col = col + len(quote)
            yield self.make(literal.end, quote, (row, col), (row, self.col))
        return True
