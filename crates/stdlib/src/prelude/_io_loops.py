# The loops of `_io` that call a method for every byte, line or chunk: in Rust they would run again from their start after each call.


def readline(stream, size):
    """`_IOBase.readline`: by `peek`, where there is one, else a byte at a time."""
    peek = getattr(stream, 'peek', None)
    line = bytearray()
    while size < 0 or len(line) < size:
        count = 1
        if peek is not None:
            ahead = peek(1)
            if not isinstance(ahead, bytes):
                raise OSError(f"peek() should have returned a bytes object, not '{type(ahead).__name__}'")
            if ahead:
                count = ahead.find(b'\n') + 1 or len(ahead)
                if size >= 0:
                    count = min(count, size)
        part = stream.read(count)
        if not isinstance(part, bytes):
            raise OSError(f"read() should have returned a bytes object, not '{type(part).__name__}'")
        if not part:
            break
        line += part
        if line.endswith(b'\n'):
            break
    return bytes(line)


def readlines(stream, hint):
    if hint <= 0:
        return list(stream)
    lines = []
    length = 0
    for line in stream:
        lines.append(line)
        length += len(line)
        if length > hint:
            break
    return lines


def writelines(stream, lines):
    if stream.closed:
        raise ValueError('I/O operation on closed file.')
    write = stream.write
    for line in lines:
        write(line)


def read_chunks(stream):
    """Everything a raw stream without `readall` has; None if it has nothing now."""
    chunks = []
    while chunk := stream.read():
        if not isinstance(chunk, bytes):
            raise TypeError('read() should return bytes')
        chunks.append(chunk)
    if not chunks:
        return chunk
    return b''.join(chunks)
