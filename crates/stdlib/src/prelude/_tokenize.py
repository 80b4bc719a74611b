# _tokenize: the name that tokenize imports; Heddle's parser does not give out tokens.


class TokenizerIter:
    def __init__(self, readline, *, encoding=None, extra_tokens=False):
        raise NotImplementedError('Heddle does not support the tokenize module')
