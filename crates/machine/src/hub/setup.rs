//! How a run begins: the first computer, and those beside it.

use super::hosts::Hosts;
use super::{Computer, FIRST_PID, Machine, Seat};
use crate::apart::{Front, Hosted, Sent};
use crate::config::Config;
use crate::kernel::Kernel;
use crate::record::Tape;
use crate::scheduler::Scheduler;
use crate::site::Site;
use crate::wire::{Link, Neighbour, Wire};
use heddle_trace::{Budget, CoreId, EventKind, Header, Recorder};
use heddle_vm::contract::Image;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Leader of the session that each computer's first process is in, which is otherwise not there.
const SHELL: u32 = FIRST_PID - 1;
const SHORTEST_HORIZON_NS: u64 = 1_000_000;

/// Where a computer is in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: [u8; 4],
    /// Its link to the others.
    pub link: Link,
}

/// A computer beside the first, about to run a program.
#[derive(Clone, Debug)]
pub struct Remote<I> {
    /// The program's process.
    pub image: I,
    /// The computer. Its limits, profile and policy are those of the first.
    pub config: Config,
    /// Where it is.
    pub place: Place,
    /// It was there before the run: who connects waits for its program to listen.
    pub serves: bool,
    /// The run does not wait for its end.
    pub is_daemon: bool,
}

impl<I: Image> Machine<I> {
    /// A computer about to run this image. `python` names the version of the profile ("3.13").
    #[must_use]
    pub fn new(image: I, config: &Config, python: &str, scheduler: Box<dyn Scheduler>, budget: Budget) -> Machine<I> {
        let place = Place {
            name: String::new(),
            address: [0; 4],
            link: Link::default(),
        };
        Machine::with_computers((image, config, place), Vec::new(), python, scheduler, budget)
    }

    /// Several computers, each about to run an image. The run ends with the first one's exit status, when all that are no daemons have ended.
    #[must_use]
    pub fn with_computers(
        (image, config, place): (I, &Config, Place),
        remotes: Vec<Remote<I>>,
        python: &str,
        scheduler: Box<dyn Scheduler>,
        budget: Budget,
    ) -> Machine<I> {
        let cores = |config: &Config| config.cores.clamp(1, 64);
        let header = Header {
            cores: remotes.iter().map(|remote| cores(&remote.config)).sum::<u16>() + cores(config),
            switch_interval_ns: config.switch_interval_ns,
            python: python.to_owned(),
        };
        let mut places = vec![place];
        places.extend(remotes.iter().map(|remote| remote.place.clone()));
        let mut machine = Machine {
            seats: Vec::new(),
            computers: Vec::new(),
            wire: Wire::new(places.iter().map(|place| place.link).collect()),
            tape: Tape::new(Recorder::new(header, budget)),
            limits: config.limits,
            quantum_ns: config.quantum_ns.max(1_000),
            horizon_ns: SHORTEST_HORIZON_NS,
            granted_ns: 0,
            floor_ns: 0,
            round_ns: 0,
            round_length_ns: 0,
            is_late: true,
            passed: Vec::new(),
            looked_at_ns: 0,
            heard_ns: 0,
            handed_over: (0, 0),
            work_left: config.limits.work,
            output_bytes: 0,
            output: Vec::new(),
            end: None,
            sent: Sent::default(),
            portraits: BTreeMap::new(),
            hosts: Hosts::default(),
            interrupting: false,
            interrupted: None,
        };
        machine.add_computer(image, config, (false, false), scheduler.share());
        for remote in remotes {
            let kind = (remote.serves, remote.is_daemon);
            machine.add_computer(remote.image, &remote.config, kind, scheduler.share());
        }
        if places.len() > 1 {
            machine.connect(places);
        }
        machine
    }

    fn add_computer(
        &mut self,
        image: I,
        config: &Config,
        (serves, is_daemon): (bool, bool),
        scheduler: Box<dyn Scheduler>,
    ) {
        let computer = self.computers.len();
        let pid = FIRST_PID + computer as u32;
        let mut kernel = Kernel::new(
            config.stdin.clone(),
            config.terminal,
            config.limits.file_bytes,
            config.seed,
            config.hosts.clone(),
        );
        kernel.begin_with(pid);
        kernel.outside.serves = serves;
        self.computers.push(Computer {
            name: String::new(),
            kernel,
            parked: Vec::new(),
            is_shared: false,
            memory: 0,
        });
        let first_core: usize = self.seats.iter().map(|seat| seat.site.cores.len()).sum();
        let mut site = Site::new(pid, Hosted::new(image), config, scheduler, &mut self.tape);
        site.first_core = first_core as u16;
        self.seats
            .push(Seat::new(Front::new(site), computer, is_daemon, None, (pid, SHELL)));
    }

    /// Makes the computers know each other.
    fn connect(&mut self, places: Vec<Place>) {
        let neighbours = places.into_iter().map(|place| Neighbour {
            name: place.name,
            address: place.address,
        });
        let neighbours: Rc<Vec<Neighbour>> = Rc::new(neighbours.collect());
        for (at, computer) in self.computers.iter_mut().enumerate() {
            let own = neighbours.get(at).map(|own| own.name.clone());
            computer.name = own.unwrap_or_default();
            let serves = computer.kernel.outside.serves;
            computer.kernel.join_network(Rc::clone(&neighbours), at, serves);
            let Some(first) = self.seats.iter().find(|seat| seat.computer == at) else {
                continue;
            };
            let kind = EventKind::Computer {
                name: self.tape.intern(&computer.name),
                first_core: CoreId(first.site.first_core),
                cores: first.site.cores.len() as u16,
            };
            self.tape.record(0, first.site.pid, 0, kind, None);
        }
    }
}
