# marshal: Heddle keeps no compiled files, so nothing is written or read in this format.
version = 5


def dumps(value, version=version, /, *, allow_code=True):
    raise NotImplementedError('Heddle does not support marshal')


def loads(data, /, *, allow_code=True):
    raise NotImplementedError('Heddle does not support marshal')


def dump(value, file, version=version, /, *, allow_code=True):
    raise NotImplementedError('Heddle does not support marshal')


def load(file, /, *, allow_code=True):
    raise NotImplementedError('Heddle does not support marshal')
