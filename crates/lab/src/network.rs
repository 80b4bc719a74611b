//! The network of a scenario: hosts that answer by themselves, and computers that run programs.

use crate::boot::{self, Engine, FIRST_COMPUTER, Own};
use crate::limits::Limits;
use crate::run::StartError;
use heddle_machine::{Config, Link, Place, Remote, RemoteHost, filled_page};
use heddle_scenario::{Scenario, Settings};
use heddle_vm::survey::Survey;

/// The hosts that answer by themselves.
pub(crate) fn hosts(settings: &Settings) -> Result<Vec<RemoteHost>, StartError> {
    let declared = heddle_scenario::parse_hosts(&settings.hosts).map_err(StartError::Other)?;
    let hosts = declared
        .into_iter()
        .filter(|host| host.script.is_none())
        .map(|host| RemoteHost {
            latency_ns: host.latency_ns,
            bandwidth: host.bandwidth,
            takes_ns: host.takes_ns,
            lookup_ns: host.lookup_ns,
            status: host.status,
            page: match host.text {
                Some(text) => text.into_bytes(),
                None => filled_page(&host.name, usize::try_from(host.size).unwrap_or(0)),
            },
            name: host.name,
        });
    Ok(hosts.collect())
}

/// Where the first computer is, and the others with their programs. Computers of the scenario are at 10.0.0.1 and on; hosts with scripts at
/// 198.51.100.1 and on, a block kept for documentation.
pub(crate) fn computers(
    scenario: &Scenario,
    config: &Config,
    limits: Limits,
    survey: Option<&Survey>,
) -> Result<(Place, Vec<Remote<Engine>>), StartError> {
    let declared = scenario.machine.remotes().map_err(StartError::Other)?;
    let first = Place {
        name: FIRST_COMPUTER.to_owned(),
        address: [10, 0, 0, 1],
        link: Link::default(),
    };
    let (mut remotes, mut numbers) = (Vec::new(), (1u8, 0u8));
    let computers = declared.len() as u64 + 1;
    for (index, remote) in (1u32..).zip(declared) {
        let Some(file) = scenario.script(&remote.script) else {
            let script = &remote.script;
            return Err(StartError::Other(format!("The scenario has no file \"{script}\".")));
        };
        boot::check_source(&file.name, &file.text)?;
        let address = if remote.is_host {
            numbers.1 += 1;
            [198, 51, 100, numbers.1]
        } else {
            numbers.0 += 1;
            [10, 0, 0, numbers.0]
        };
        let config = Config {
            cores: remote.cores,
            stdin: Vec::new(),
            interrupts: Vec::new(),
            program: format!("{} on {}", file.name, remote.name),
            ..config.clone()
        };
        let own = Own {
            index,
            computers,
            name: remote.name.clone(),
            survey: survey.cloned(),
        };
        remotes.push(Remote {
            image: boot::script(Some(file), &remote.argv, scenario, &config, limits, &own),
            config,
            place: Place {
                name: remote.name,
                address,
                link: Link {
                    latency_ns: remote.latency_ns,
                    bandwidth: Some(remote.bandwidth),
                },
            },
            serves: remote.is_host,
            is_daemon: remote.is_daemon,
        });
    }
    Ok((first, remotes))
}
