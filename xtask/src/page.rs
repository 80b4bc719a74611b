//! Building and serving the page: npm bundle, Trunk (the wasm programs: page, worker and what unpacks it), wasm-opt, packing.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use lzma_rust2::{LzmaOptions, LzmaWriter};

use crate::process::{cargo, read, run};
use crate::server::Server;
use crate::stamp::Stamp;
use crate::{Outcome, root, setup, take_flag};

/// As the engine knows its library.
#[path = "../../crates/stdlib/src/checksum.rs"]
mod checksum;

/// What rustc's wasm target assumes of the host; wasm-opt must be told.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// How a page is built.
struct Build {
    /// A cargo profile of the workspace: `release` compiles fast, `page` is small and fast.
    profile: &'static str,
    public_url: String,
    /// Whether wasm-opt runs over the programs: a minute for a seventh of the size.
    optimise: bool,
}

/// `cargo xtask serve`.
pub fn serve(args: &[String]) -> Outcome {
    let mut args = args.to_vec();
    let port = match take_flag(&mut args, "--port")? {
        Some(port) => port.parse().map_err(|_| format!("--port {port}: not a port number"))?,
        None => 8080,
    };
    let public_url = take_flag(&mut args, "--public-url")?.unwrap_or("./".into());
    let base = take_flag(&mut args, "--base")?.unwrap_or("/".into());
    nothing_left(&args)?;
    // The port first: a taken one should not cost a build.
    let server = Server::bind(port, dist(), &base)?;
    for_development(&public_url)?;
    println!("Heddle is at {}", server.address());
    server.serve();
    Ok(())
}

/// `cargo xtask build`.
pub fn build_for_users(args: &[String]) -> Outcome {
    let mut args = args.to_vec();
    let public_url = take_flag(&mut args, "--public-url")?.unwrap_or("./".into());
    nothing_left(&args)?;
    for_users(&public_url)?;
    for (name, bytes) in heavy_files()? {
        println!("{name}: {} KiB", bytes / 1024);
    }
    println!("the page is in web/dist");
    Ok(())
}

/// The page as users get it, built if its sources have changed.
pub fn for_users(public_url: &str) -> Outcome {
    build(&Build {
        profile: "page",
        public_url: public_url.to_string(),
        optimise: true,
    })
}

/// The page as `serve` and the browser tests use it, built if its sources have changed.
pub fn for_development(public_url: &str) -> Outcome {
    build(&Build {
        profile: "release",
        public_url: public_url.to_string(),
        optimise: false,
    })
}

/// Where the built page is.
pub fn dist() -> PathBuf {
    root().join("web/dist")
}

/// The wasm programs of the built page with their sizes in bytes.
fn wasm_files() -> Outcome<Vec<(String, u64)>> {
    Ok(heavy_files()?
        .into_iter()
        .filter(|(name, _)| name.ends_with(".wasm"))
        .collect())
}

/// The files of the built page that hold programs and Python's library, with their sizes in bytes.
pub fn heavy_files() -> Outcome<Vec<(String, u64)>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(dist()).map_err(|error| format!("web/dist: {error}"))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".wasm") || name.ends_with(".lzma") {
            files.push((name, entry.metadata().map_or(0, |meta| meta.len())));
        }
    }
    files.sort();
    Ok(files)
}

fn nothing_left(args: &[String]) -> Outcome {
    match args.first() {
        Some(arg) => Err(format!("`{arg}` is not an option of this chore")),
        None => Ok(()),
    }
}

fn build(build: &Build) -> Outcome {
    setup::for_page()?;
    let settings = format!("{} {} {}", build.profile, build.public_url, build.optimise);
    let stamp = Stamp::of_page(&settings);
    if stamp.is_built() {
        return Ok(());
    }
    stamp.forget();
    let root = root();
    if root.join("web/package.json").is_file() {
        run(Command::new("npm")
            .args(["run", "--silent", "bundle"])
            .current_dir(root.join("web")))?;
    }
    // The bundle is among the sources. What is edited while the rest is built must be built next time.
    let built = Stamp::of_page(&settings);
    trunk(build, &root)?;
    copy_library(build, &root)?;
    if build.optimise {
        wasm_opt(&root)?;
    }
    pack_engine(&root)?;
    embed(&root)?;
    finish(&root)?;
    built.remember();
    Ok(())
}

fn trunk(build: &Build, root: &Path) -> Outcome {
    let folder = if root.join("Trunk.toml").is_file() {
        root.to_path_buf()
    } else {
        root.join("web")
    };
    let mut command = Command::new("trunk");
    command.args([
        "build",
        "--release",
        "--offline",
        "--skip-version-check",
        "--no-sri=true",
        "--public-url",
        &build.public_url,
    ]);
    command.arg("--dist").arg(dist());
    if build.profile != "release" {
        command.args(["--cargo-profile", build.profile]);
    }
    // Trunk takes NO_COLOR for a flag that must be `true` or `false`.
    command.env_remove("NO_COLOR").env("PATH", setup::path_with_tools()?);
    run(command.current_dir(folder))
}

/// Puts the part of Python's library that the engine fetches beside it, under the name the engine asks for: the build script of
/// `heddle-stdlib` wrote it where cargo says.
fn copy_library(build: &Build, root: &Path) -> Outcome {
    let mut command = cargo(&root.join("crates/worker"));
    command.args([
        "build",
        "--quiet",
        "--message-format=json",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    command.args(["--profile", build.profile]);
    let messages = read(&mut command).ok_or("cargo does not say where the packed library is")?;
    let out = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "build-script-executed")
        .find(|message| {
            message["package_id"]
                .as_str()
                .is_some_and(|id| id.contains("/crates/stdlib#"))
        })
        .and_then(|message| message["out_dir"].as_str().map(PathBuf::from))
        .ok_or("cargo does not name the folder of the packed library")?;
    let bytes = fs::read(out.join("rest.lzma")).map_err(|error| format!("the packed library: {error}"))?;
    let name = format!("library-{:016x}.lzma", checksum::checksum(&bytes));
    fs::write(dist().join(&name), bytes).map_err(|error| format!("{name}: {error}"))
}

fn wasm_opt(root: &Path) -> Outcome {
    let program = root.join("web/node_modules/.bin/wasm-opt");
    for (name, _) in wasm_files()? {
        let file = dist().join(&name);
        let smaller = dist().join(format!("{name}.opt"));
        run(Command::new(&program)
            .arg("-O3")
            .args(WASM_FEATURES)
            .arg(&file)
            .arg("-o")
            .arg(&smaller))?;
        fs::rename(&smaller, &file).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// Packs the engine, and puts the script there that unpacks it in the worker (`crates/unpack`).
fn pack_engine(root: &Path) -> Outcome {
    let told = |name: &str| {
        let name = name.to_owned();
        move |error: std::io::Error| format!("{name}: {error}")
    };
    let engine = dist().join("heddle-worker_bg.wasm");
    let program = fs::read(&engine).map_err(told("the engine"))?;
    let packed = pack(&streams(&program)?).map_err(told("packing the engine"))?;
    let name = format!("engine-{:016x}.lzma", checksum::checksum(&packed));
    let script = root.join("static/worker.js");
    let script = fs::read_to_string(&script).map_err(told("static/worker.js"))?;
    fs::write(
        dist().join("worker.js"),
        script.replace("\"ENGINE\"", &format!("\"{name}\"")),
    )
    .map_err(told("worker.js"))?;
    fs::write(dist().join(&name), packed).map_err(told(&name))?;
    fs::remove_file(&engine).map_err(told("the engine"))
}

/// Puts there what an embedded lab needs, and makes one classic script of the worker's.
fn embed(root: &Path) -> Outcome {
    run(Command::new("node")
        .arg("js/embed.mjs")
        .arg(dist())
        .current_dir(root.join("web")))
}

/// Writes the page's policy and its service worker, which know all the other files.
fn finish(root: &Path) -> Outcome {
    run(Command::new("node")
        .arg("js/finish.mjs")
        .arg(dist())
        .current_dir(root.join("web")))
}

/// A program in the form that packs smaller, from which it comes back byte for byte.
fn streams(program: &[u8]) -> Outcome<Vec<u8>> {
    let cannot = |error| format!("the engine cannot be split: {error}");
    let streams = heddle_streams::split(program).map_err(cannot)?;
    if heddle_streams::join(&streams).map_err(cannot)? != program {
        return Err("the engine's streams do not join to what it was".into());
    }
    Ok(streams)
}

/// A file of the kind `.lzma`. The settings are those that made the engine smallest (0.3 % less than the preset's own).
fn pack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut options = LzmaOptions::with_preset(9);
    options.dict_size = 1 << 23;
    options.lc = 4;
    options.pb = 0;
    options.nice_len = 273;
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64))?;
    writer.write_all(bytes)?;
    writer.finish()
}
