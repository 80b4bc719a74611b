//! What a process looks like at one moment: what its image tells, and what the computer knows of its threads.

use crate::deadlock::in_words;
use crate::site::{Site, Thread};
use heddle_trace::{
    BlockReason, CoreId, GilId, GilScene, Handle, Nanos, ProcessId, ProcessScene, Thing, ThreadId, ThreadScene,
    ThreadState,
};
use heddle_vm::contract::{Image, ObjectIndex, ThreadIndex};

/// So many threads are told.
const MOST_THREADS: usize = 100;

/// The scene of a process, with the insides of these objects.
pub(crate) fn scene<I: Image>(site: &mut Site<I>, insides: &[Handle], code_of: Option<ThreadIndex>) -> ProcessScene {
    let living: Vec<ThreadIndex> = site.living().map(|(thread, _)| thread).collect();
    let told = &living[..living.len().min(MOST_THREADS)];
    let mut sight = site.image.see(told, insides, code_of);
    let threads = std::mem::take(&mut sight.stacks)
        .into_iter()
        .filter_map(|(thread, stack, more_frames)| {
            let entry = site.threads.get(thread as usize)?;
            let reason = blocked(entry);
            let is_lock = matches!(
                reason,
                Some(BlockReason::Lock { .. } | BlockReason::RLock { .. } | BlockReason::ImportLock { .. })
            );
            let holder = entry
                .wait
                .filter(|_| is_lock)
                .and_then(|wait| site.image.owner(wait.object));
            Some(ThreadScene {
                thread: ThreadId(thread),
                name: site.image.thread_name(thread),
                state: on_all_cores(entry.state, site.first_core),
                waits_for: reason.map_or_else(String::new, |reason| in_words(&site.image, reason)),
                held_by: holder.map(ThreadId),
                stack,
                more_frames,
            })
        });
    ProcessScene {
        process: ProcessId(site.pid),
        threads: threads.collect(),
        more_threads: (living.len() - told.len()) as u32,
        gils: site.gils_seen(),
        things: sight
            .things
            .into_iter()
            .map(|(thing, locks)| with_waiters(site, thing, &locks))
            .collect(),
        modules: sight.modules,
        insides: sight.insides,
        listing: sight.listing,
    }
}

fn blocked(entry: &Thread) -> Option<BlockReason> {
    match entry.state {
        ThreadState::Blocked(reason) => Some(reason),
        _ => None,
    }
}

/// Cores are numbered over all computers.
fn on_all_cores(state: ThreadState, first: u16) -> ThreadState {
    match state {
        ThreadState::Running { core } => ThreadState::Running {
            core: CoreId(core.0 + first),
        },
        ThreadState::Native { core } => ThreadState::Native {
            core: CoreId(core.0 + first),
        },
        state => state,
    }
}

/// Puts in who waits for a thing: those whose wait is about it, in the order of the locks in which they wait.
fn with_waiters<I: Image>(site: &Site<I>, thing: Thing, locks: &[ObjectIndex]) -> Thing {
    let object = thing.object;
    let queue = site.waiting_for(object.0);
    let place = |(thread, entry): &(ThreadIndex, &Thread)| {
        let lock = entry.wait.map(|wait| wait.object);
        let in_own = locks.iter().position(|own| Some(*own) == lock);
        let in_queue = queue.iter().position(|waiter| waiter == thread);
        (in_own.or(in_queue).unwrap_or(usize::MAX), *thread)
    };
    let about_it = |(_, entry): &(ThreadIndex, &Thread)| blocked(entry).and_then(BlockReason::object) == Some(object);
    let mut waiters: Vec<_> = site.living().filter(about_it).map(|one| place(&one)).collect();
    waiters.sort_unstable();
    Thing {
        waiters: waiters.into_iter().map(|(_, thread)| ThreadId(thread)).collect(),
        ..thing
    }
}

impl<I: Image> Site<I> {
    fn gils_seen(&self) -> Vec<GilScene> {
        let waits_until = |thread: ThreadIndex| {
            let entry = self.threads.get(thread as usize)?;
            Some(entry.gil_until_ns).filter(|&until_ns: &Nanos| until_ns >= self.now)
        };
        let scene = |(at, gil): (usize, &crate::site::Gil)| GilScene {
            gil: GilId(at as u32),
            holder: gil.holder.map(ThreadId),
            is_asked: gil.drop_request,
            waiters: gil
                .waiters
                .iter()
                .map(|&thread| (ThreadId(thread), waits_until(thread)))
                .collect(),
        };
        let used = self.gils().iter().enumerate().filter(|(_, gil)| gil.exists());
        used.map(scene).collect()
    }
}
