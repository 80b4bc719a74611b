//! The kernel's calls, as a script of calls and answers.

use super::*;

fn kernel() -> Kernel {
    Kernel::new(b"in".to_vec(), false, 1 << 20, 1, Vec::new())
}

fn now(kernel: &mut Kernel, call: Posix) -> Resume {
    match kernel.call(5, call) {
        Answer::Now(answer) => answer,
        Answer::Later(reason, _) => panic!("blocks: {reason:?}"),
    }
}

fn open(kernel: &mut Kernel, path: &[u8], flags: i32) -> Resume {
    now(
        kernel,
        Posix::Open {
            path: path.to_vec(),
            flags,
            mode: 0o644,
        },
    )
}

#[test]
fn files_are_written_and_read() {
    let k = &mut kernel();
    assert_eq!(open(k, b"a.txt", 0), Resume::Error(ENOENT));
    assert_eq!(open(k, b"a.txt", O_CREAT | O_RDWR), Resume::Int(3));
    assert_eq!(
        now(
            k,
            Posix::Write {
                fd: 3,
                data: b"hello".to_vec()
            }
        ),
        Resume::Int(5)
    );
    assert_eq!(
        now(
            k,
            Posix::Lseek {
                fd: 3,
                offset: -4,
                whence: 2
            }
        ),
        Resume::Int(1)
    );
    assert_eq!(now(k, Posix::Read { fd: 3, len: 99 }), Resume::Bytes(b"ello".to_vec()));
    assert_eq!(now(k, Posix::Read { fd: 3, len: 99 }), Resume::Bytes(Vec::new()));
    let Resume::Stat(stat) = now(
        k,
        Posix::Stat {
            path: b"/lab/a.txt".to_vec(),
            follow: true,
        },
    ) else {
        panic!()
    };
    assert_eq!((stat.size, stat.mode), (5, S_IFREG | 0o644));
    assert_eq!(
        now(
            k,
            Posix::Unlink {
                path: b"a.txt".to_vec()
            }
        ),
        Resume::Done
    );
    // An open file outlives its name.
    assert_eq!(
        now(
            k,
            Posix::Lseek {
                fd: 3,
                offset: 0,
                whence: 0
            }
        ),
        Resume::Int(0)
    );
    assert_eq!(now(k, Posix::Read { fd: 3, len: 2 }), Resume::Bytes(b"he".to_vec()));
    assert_eq!(now(k, Posix::Close { fd: 3 }), Resume::Done);
    assert_eq!(k.fs.used_bytes, 0);
    assert_eq!(now(k, Posix::Close { fd: 3 }), Resume::Error(EBADF));
    assert_eq!(now(k, Posix::Read { fd: 0, len: 9 }), Resume::Bytes(b"in".to_vec()));
    assert_eq!(
        now(
            k,
            Posix::Write {
                fd: 1,
                data: b"x".to_vec()
            }
        ),
        Resume::Int(1)
    );
    assert_eq!(
        k.captured,
        [Captured {
            stream: Stream::Stdout,
            bytes: b"x".to_vec()
        }]
    );
}

#[test]
fn folders_and_links() {
    let k = &mut kernel();
    assert_eq!(now(k, Posix::Getcwd), Resume::Bytes(b"/lab".to_vec()));
    assert_eq!(
        now(
            k,
            Posix::Mkdir {
                path: b"d".to_vec(),
                mode: 0o755
            }
        ),
        Resume::Done
    );
    assert_eq!(
        now(
            k,
            Posix::Symlink {
                target: b"../d".to_vec(),
                path: b"d/self".to_vec()
            }
        ),
        Resume::Done
    );
    assert_eq!(open(k, b"d/self/self/f", O_CREAT | O_WRONLY), Resume::Int(3));
    let Resume::Entries(entries) = now(k, Posix::ReadDir { path: b"d".to_vec() }) else {
        panic!()
    };
    let names: Vec<_> = entries.iter().map(|entry| (&entry.name[..], entry.kind)).collect();
    assert_eq!(names, [(&b"f"[..], S_IFREG), (b"self", S_IFLNK)]);
    assert_eq!(now(k, Posix::Rmdir { path: b"d".to_vec() }), Resume::Error(ENOTEMPTY));
    assert_eq!(
        now(
            k,
            Posix::Rename {
                from: b"d".to_vec(),
                to: b"d/e".to_vec()
            }
        ),
        Resume::Error(EINVAL)
    );
    assert_eq!(
        now(
            k,
            Posix::Rename {
                from: b"d".to_vec(),
                to: b"/tmp/e".to_vec()
            }
        ),
        Resume::Done
    );
    assert_eq!(
        now(
            k,
            Posix::Chdir {
                path: b"/tmp/e".to_vec()
            }
        ),
        Resume::Done
    );
    assert_eq!(now(k, Posix::Getcwd), Resume::Bytes(b"/tmp/e".to_vec()));
    assert_eq!(
        now(
            k,
            Posix::Symlink {
                target: b"loop".to_vec(),
                path: b"loop".to_vec()
            }
        ),
        Resume::Done
    );
    assert_eq!(open(k, b"loop", 0), Resume::Error(ELOOP));
    assert_eq!(open(k, b"/dev/null/x", 0), Resume::Error(ENOTDIR));
}

#[test]
fn pipes_block_and_end() {
    let k = &mut kernel();
    assert_eq!(now(k, Posix::Pipe), Resume::Pair(3, 4));
    assert!(matches!(
        k.call(0, Posix::Read { fd: 3, len: 4 }),
        Answer::Later(BlockReason::Read { fd: 3 }, _)
    ));
    assert_eq!(
        now(
            k,
            Posix::Write {
                fd: 4,
                data: vec![7; 70_000]
            }
        ),
        Resume::Int(65_536)
    );
    assert!(matches!(
        k.call(0, Posix::Write { fd: 4, data: vec![1] }),
        Answer::Later(BlockReason::Write { fd: 4 }, _)
    ));
    assert_eq!(
        now(k, Posix::Read { fd: 3, len: 65_536 }),
        Resume::Bytes(vec![7; 65_536])
    );
    assert_eq!(now(k, Posix::Close { fd: 4 }), Resume::Done);
    assert_eq!(now(k, Posix::Read { fd: 3, len: 4 }), Resume::Bytes(Vec::new()));
}

#[test]
fn limits_are_errors() {
    let k = &mut kernel();
    assert_eq!(open(k, b"big", O_CREAT | O_WRONLY), Resume::Int(3));
    assert_eq!(
        now(
            k,
            Posix::Write {
                fd: 3,
                data: vec![0; 2 << 20]
            }
        ),
        Resume::Error(ENOSPC)
    );
    assert_eq!(
        now(
            k,
            Posix::Lseek {
                fd: 3,
                offset: i64::MAX,
                whence: 0
            }
        ),
        Resume::Int(i64::MAX)
    );
    assert_eq!(
        now(
            k,
            Posix::Write {
                fd: 3,
                data: vec![0; 2]
            }
        ),
        Resume::Error(EFBIG)
    );
    assert_eq!(open(k, &[b'n'; 300], O_CREAT | O_WRONLY), Resume::Error(ENAMETOOLONG));
    for fd in 4..MOST_DESCRIPTORS as i64 {
        assert_eq!(now(k, Posix::Dup { fd: 0 }), Resume::Int(fd));
    }
    assert_eq!(now(k, Posix::Dup { fd: 0 }), Resume::Error(EMFILE));
    assert_eq!(now(k, Posix::Dup { fd: -1 }), Resume::Error(EBADF));
}

/// A host folder with `x.py` and a folder `sub`; counts how often it is asked.
#[derive(Default)]
struct Shelf {
    asked: std::cell::Cell<u32>,
}

impl HostFolder for Shelf {
    fn list(&self, path: &[u8]) -> Result<Vec<HostEntry>, i32> {
        self.asked.set(self.asked.get() + 1);
        let file = HostEntry {
            name: b"x.py".to_vec(),
            kind: HostKind::File { size: 4 },
        };
        match path {
            b"" => Ok(vec![
                file,
                HostEntry {
                    name: b"sub".to_vec(),
                    kind: HostKind::Folder,
                },
            ]),
            b"sub" => Ok(vec![file]),
            _ => Err(ENOENT),
        }
    }

    fn read(&self, path: &[u8]) -> Result<Vec<u8>, i32> {
        if path == b"x.py" {
            Ok(b"host".to_vec())
        } else {
            Ok(b"below".to_vec())
        }
    }
}

#[test]
fn mounted_folders_are_read_when_looked_at_and_never_written() {
    let k = &mut kernel();
    let shelf = Rc::new(Shelf::default());
    k.add_file(b"x.py", b"own".to_vec()).expect("a good path");
    k.mount(b".", Rc::clone(&shelf) as Rc<dyn HostFolder>)
        .expect("a folder");
    assert_eq!(shelf.asked.get(), 0);
    assert_eq!(open(k, b"x.py", 0), Resume::Int(3));
    assert_eq!(
        now(k, Posix::Read { fd: 3, len: 9 }),
        Resume::Bytes(b"own".to_vec()),
        "the scenario's file stands first"
    );
    assert_eq!(shelf.asked.get(), 1);
    assert_eq!(open(k, b"sub/x.py", O_RDWR), Resume::Int(4));
    assert_eq!(
        now(
            k,
            Posix::Write {
                fd: 4,
                data: b"B".to_vec()
            }
        ),
        Resume::Int(1)
    );
    assert_eq!(now(k, Posix::Read { fd: 4, len: 9 }), Resume::Bytes(b"elow".to_vec()));
    assert_eq!(open(k, b"sub/y.py", 0), Resume::Error(ENOENT));
    let Resume::Stat(stat) = now(
        k,
        Posix::Stat {
            path: b"sub".to_vec(),
            follow: true,
        },
    ) else {
        panic!()
    };
    assert_eq!(stat.mode & S_IFMT, S_IFDIR);
}
