# What the C module `_datetime` does otherwise than the library's Python version of it.
# The library's module stands here.


_plain_astimezone = datetime.astimezone


def astimezone(self, tz=None):
    """tz -> convert to local time in new timezone tz
"""
    if tz is None and self.tzinfo is None:
        # By way of UTC, so that a time that the local clock never shows becomes one that it does.
        self = (self - self._local_timezone().utcoffset(self)).replace(tzinfo=timezone.utc)
    return _plain_astimezone(self, tz)


astimezone.__qualname__ = 'datetime.astimezone'
datetime.astimezone = astimezone
del astimezone
