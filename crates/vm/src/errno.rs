//! Linux's error numbers: name, text (`strerror`) and the subclass of OSError that CPython chooses.

use crate::types::core;
use crate::value::Value;

macro_rules! errnos {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        $(#[doc = $text] pub const $name: i32 = $number;)*
        /// Every number with its name and text.
        pub const ALL: &[(i32, &str, &str)] = &[$(($number, stringify!($name), $text)),*];
    };
}

errnos! {
    EPERM = 1, "Operation not permitted"; ENOENT = 2, "No such file or directory"; ESRCH = 3, "No such process";
    EINTR = 4, "Interrupted system call"; EIO = 5, "Input/output error"; ENXIO = 6, "No such device or address"; E2BIG = 7, "Argument list too long";
    ENOEXEC = 8, "Exec format error"; EBADF = 9, "Bad file descriptor"; ECHILD = 10, "No child processes";
    EAGAIN = 11, "Resource temporarily unavailable"; ENOMEM = 12, "Cannot allocate memory"; EACCES = 13, "Permission denied"; EFAULT = 14, "Bad address";
    EBUSY = 16, "Device or resource busy"; EEXIST = 17, "File exists"; EXDEV = 18, "Invalid cross-device link"; ENODEV = 19, "No such device"; ENOTDIR = 20, "Not a directory";
    EISDIR = 21, "Is a directory"; EINVAL = 22, "Invalid argument"; ENFILE = 23, "Too many open files in system"; EMFILE = 24, "Too many open files"; ENOTTY = 25, "Inappropriate ioctl for device";
    EFBIG = 27, "File too large"; ENOSPC = 28, "No space left on device"; ESPIPE = 29, "Illegal seek"; EROFS = 30, "Read-only file system";
    EMLINK = 31, "Too many links"; EPIPE = 32, "Broken pipe"; EDOM = 33, "Numerical argument out of domain"; ERANGE = 34, "Numerical result out of range";
    EDEADLK = 35, "Resource deadlock avoided"; ENAMETOOLONG = 36, "File name too long"; ENOSYS = 38, "Function not implemented"; ENOTEMPTY = 39, "Directory not empty"; ELOOP = 40, "Too many levels of symbolic links";
    EOVERFLOW = 75, "Value too large for defined data type"; EILSEQ = 84, "Invalid or incomplete multibyte or wide character"; ENOTSOCK = 88, "Socket operation on non-socket"; EMSGSIZE = 90, "Message too long"; EPROTONOSUPPORT = 93, "Protocol not supported"; EPROTOTYPE = 91, "Protocol wrong type for socket"; EOPNOTSUPP = 95, "Operation not supported"; EAFNOSUPPORT = 97, "Address family not supported by protocol";
    EADDRINUSE = 98, "Address already in use"; EADDRNOTAVAIL = 99, "Cannot assign requested address"; ENETUNREACH = 101, "Network is unreachable"; ECONNABORTED = 103, "Software caused connection abort";
    ECONNRESET = 104, "Connection reset by peer"; ENOBUFS = 105, "No buffer space available"; EISCONN = 106, "Transport endpoint is already connected"; ENOTCONN = 107, "Transport endpoint is not connected";
    ESHUTDOWN = 108, "Cannot send after transport endpoint shutdown"; ETIMEDOUT = 110, "Connection timed out"; ECONNREFUSED = 111, "Connection refused"; EHOSTUNREACH = 113, "No route to host"; EALREADY = 114, "Operation already in progress";
    EINPROGRESS = 115, "Operation now in progress"; ECANCELED = 125, "Operation canceled"; EOWNERDEAD = 130, "Owner died";
}

/// The text of a number.
pub fn text(errno: i32) -> Option<&'static str> {
    ALL.iter().find(|(n, ..)| *n == errno).map(|(.., text)| *text)
}

/// The subclass of OSError for a number, as CPython's `errnomap`.
pub fn class(errno: i32) -> Value {
    match errno {
        EAGAIN | EALREADY | EINPROGRESS => core::BLOCKING_IO_ERROR,
        EPIPE | ESHUTDOWN => core::BROKEN_PIPE_ERROR,
        ECHILD => core::CHILD_PROCESS_ERROR,
        ECONNABORTED => core::CONNECTION_ABORTED_ERROR,
        ECONNREFUSED => core::CONNECTION_REFUSED_ERROR,
        ECONNRESET => core::CONNECTION_RESET_ERROR,
        EEXIST => core::FILE_EXISTS_ERROR,
        ENOENT => core::FILE_NOT_FOUND_ERROR,
        EISDIR => core::IS_A_DIRECTORY_ERROR,
        ENOTDIR => core::NOT_A_DIRECTORY_ERROR,
        EINTR => core::INTERRUPTED_ERROR,
        EACCES | EPERM => core::PERMISSION_ERROR,
        ESRCH => core::PROCESS_LOOKUP_ERROR,
        ETIMEDOUT => core::TIMEOUT_ERROR,
        _ => core::OS_ERROR,
    }
}

/// Both.
pub fn class_and_text(errno: i32) -> (Value, &'static str) {
    (class(errno), text(errno).unwrap_or("Unknown error"))
}
