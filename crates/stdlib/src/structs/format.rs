//! Format strings of `struct`: byte order, counts, sizes, alignment.

/// One item or run of bytes at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Format character.
    pub code: char,
    /// Byte offset.
    pub offset: usize,
    /// Bytes; for `s` and `p` the whole run.
    pub size: usize,
}

/// A parsed format. Padding has no field.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Fields in order.
    pub fields: Vec<Field>,
    /// Bytes in all.
    pub size: usize,
    /// Little endian?
    pub little: bool,
}

/// Sizes with `@`: those of 64-bit Linux.
fn native_size(code: char) -> Option<usize> {
    Some(match code {
        'x' | 'c' | 'b' | 'B' | '?' | 's' | 'p' => 1,
        'h' | 'H' | 'e' => 2,
        'i' | 'I' | 'f' => 4,
        'l' | 'L' | 'q' | 'Q' | 'n' | 'N' | 'd' | 'P' => 8,
        _ => return None,
    })
}

/// Sizes with `=`, `<`, `>`, `!`.
fn standard_size(code: char) -> Option<usize> {
    match code {
        'l' | 'L' => Some(4),
        'n' | 'N' | 'P' => None,
        code => native_size(code),
    }
}

/// Nothing longer can be packed.
const MOST: usize = 1 << 30;

impl Layout {
    /// Parses a format string.
    pub fn parse(text: &str) -> Result<Layout, &'static str> {
        let mut chars = text.chars().peekable();
        let (native, little) = match chars.peek() {
            Some('@') => (true, true),
            Some('=' | '<') => (false, true),
            Some('>' | '!') => (false, false),
            _ => (true, true),
        };
        if matches!(chars.peek(), Some('@' | '=' | '<' | '>' | '!')) {
            chars.next();
        }
        let mut layout = Layout {
            fields: Vec::new(),
            size: 0,
            little,
        };
        while let Some(c) = chars.next() {
            if matches!(c, ' ' | '\t'..='\r') {
                continue;
            }
            let mut count: Option<usize> = c.to_digit(10).map(|d| d as usize);
            let mut code = c;
            if count.is_some() {
                loop {
                    code = chars.next().ok_or("repeat count given without format specifier")?;
                    let Some(d) = code.to_digit(10) else { break };
                    count = count.and_then(|n| n.checked_mul(10)?.checked_add(d as usize));
                    if count.is_none() {
                        return Err("total struct size too long");
                    }
                }
            }
            let count = count.unwrap_or(1);
            let size = if native { native_size(code) } else { standard_size(code) };
            let size = size.ok_or("bad char in struct format")?;
            layout.push(code, size, count, native)?;
        }
        Ok(layout)
    }

    fn push(&mut self, code: char, size: usize, count: usize, aligned: bool) -> Result<(), &'static str> {
        if aligned {
            self.size = self.size.next_multiple_of(size);
        }
        let bytes = size
            .checked_mul(count)
            .filter(|n| *n + self.size <= MOST)
            .ok_or("total struct size too long")?;
        match code {
            'x' => {}
            's' | 'p' => self.fields.push(Field {
                code,
                offset: self.size,
                size: count,
            }),
            _ => self.fields.extend((0..count).map(|i| Field {
                code,
                offset: self.size + i * size,
                size,
            })),
        }
        self.size += bytes;
        Ok(())
    }
}
