//! Instructions that are one byte together with their operand. Their codes are none of the specification's.

/// Rows of codes: the opcode, the smallest operand, how many, and the first one's code. Locals count by rank.
const ROWS: [(u8, u32, u8, u8); 6] = [
    (0x20, 0, 16, 0xd3),
    (0x21, 0, 6, 0xe3),
    (0x22, 0, 6, 0xe9),
    (0x0d, 0, 4, 0xf4),
    (0x0c, 0, 3, 0xf8),
    // The numbers 0 to 4.
    (0x41, 0, 5, 0xc5),
];

/// More numbers of 32 bits that are frequent in the engine, by their bytes; their codes follow those of 0 to 4.
const NUMBERS: [u32; 6] = [8, 12, 16, 24, 32, 40];
const FIRST_NUMBER: u8 = 0xca;

/// What follows is a load or store whose alignment is not the natural one but 0 to 3.
pub const ALIGNED: u8 = 0xef;
/// A number of 32 bits of at least three bytes.
pub const ADDRESS: u8 = 0xf3;

/// The code of an instruction with its operand, if there is one.
pub fn code(opcode: u8, operand: u32) -> Option<u8> {
    let row = |&&(of, from, count, _): &&(u8, u32, u8, u8)| {
        of == opcode && (from..from + u32::from(count)).contains(&operand)
    };
    if let Some(&(_, from, _, first)) = ROWS.iter().find(row) {
        return Some(first + (operand - from) as u8);
    }
    let at = NUMBERS.iter().position(|number| opcode == 0x41 && *number == operand)?;
    Some(FIRST_NUMBER + at as u8)
}

/// The instruction and its operand that a code stands for.
pub fn meaning(code: u8) -> Option<(u8, u32)> {
    let row = |&&(_, _, count, first): &&(u8, u32, u8, u8)| (first..first + count).contains(&code);
    if let Some(&(opcode, from, _, first)) = ROWS.iter().find(row) {
        return Some((opcode, from + u32::from(code - first)));
    }
    let number = NUMBERS.get(usize::from(code.checked_sub(FIRST_NUMBER)?))?;
    Some((0x41, *number))
}
