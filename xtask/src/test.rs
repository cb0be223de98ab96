//! `cargo xtask test`: exactly what CI runs.

use std::{
    fs, io,
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    checks::{self, Check},
    error::TaskError,
    kit::Kit,
    place,
    screen::Screen,
    setup::{self, Purpose},
    vulkan,
};

/// Sets up, then checks one thing after the other until something fails.
pub fn run() -> Result<(), TaskError> {
    let screen = Screen::here();
    setup::prepare(screen, Purpose::Test)?;
    let screenshots = place::root().join(checks::SCREENSHOTS);
    clear(&screenshots)?;
    let target = place::target();
    let drivers = vulkan::drivers();
    let show = |stage| screen.show(stage, vulkan::software(&drivers));
    let start = Instant::now();
    all(&checks::checks(target.as_deref(), &place::tools(), show))?;
    if !holds_png(&screenshots) {
        return Err(TaskError::NoScreenshots { folder: screenshots });
    }
    println!("All is well, after {}.", readable(start.elapsed()));
    Ok(())
}

/// Checks one thing after the other until something fails.
pub fn all(checks: &[Check]) -> Result<(), TaskError> {
    checks.iter().enumerate().try_for_each(|(index, check)| {
        run_one(check, &format!("[{:>2}/{}] {}", index + 1, checks.len(), check.name))
    })
}

fn run_one(check: &Check, title: &str) -> Result<(), TaskError> {
    if let Some(tool) = check.tool.as_ref().filter(|tool| !tool.probe.answers()) {
        println!("{title}: skipped: {} is not installed", tool.name);
        return Ok(());
    }
    println!("{title} …");
    let start = Instant::now();
    let ready = check.kit.as_ref().map_or(Ok(()), Kit::make_ready);
    let result = ready.and_then(|()| check.command.run());
    let word = if result.is_ok() { "ok" } else { "failed" };
    println!("{title}: {word}, {}", readable(start.elapsed()));
    result
}

/// Removes what an earlier run left, so that it cannot pass for the result of this one.
fn clear(folder: &Path) -> Result<(), TaskError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(TaskError::Folder { folder: folder.into(), error })
        }
        _ => Ok(()),
    }
}

fn holds_png(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let is_png = entry.path().extension().is_some_and(|extension| extension == "png");
        is_png && entry.metadata().is_ok_and(|metadata| metadata.len() > 0)
    })
}

fn readable(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;
    use crate::{checks::Tool, command::CommandLine};

    #[test]
    fn times_are_readable() {
        assert_eq!(readable(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(readable(Duration::from_secs(60)), "1 min 0 s");
        assert_eq!(readable(Duration::from_secs(754)), "12 min 34 s");
    }

    #[test]
    fn a_check_without_its_tool_is_skipped() {
        let absent = CommandLine::new("no-such-program-here");
        let tool = Tool { name: "no-such-program-here", probe: absent.clone() };
        let mut check = Check { name: "x", command: absent, tool: Some(tool), kit: None };
        assert!(run_one(&check, "x").is_ok());
        check.tool = None;
        assert!(run_one(&check, "x").is_err());
    }

    #[test]
    fn only_a_png_with_content_is_a_screenshot() {
        let folder = env::temp_dir().join(format!("xtask-shots-{}", std::process::id()));
        clear(&folder).unwrap();
        assert!(!holds_png(&folder));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("notes.txt"), "no picture").unwrap();
        fs::write(folder.join("empty.png"), "").unwrap();
        assert!(!holds_png(&folder));
        fs::write(folder.join("hello.png"), "picture").unwrap();
        assert!(holds_png(&folder));
        clear(&folder).unwrap();
        assert!(!folder.exists());
    }
}
