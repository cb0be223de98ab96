//! Which Vulkan drivers the machine has.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Where drivers announce themselves with a JSON file each.
const FOLDERS: [&str; 4] = [
    "/etc/vulkan/icd.d",
    "/usr/local/share/vulkan/icd.d",
    "/usr/share/vulkan/icd.d",
    "/run/opengl-driver/share/vulkan/icd.d",
];

/// The files of all drivers.
pub fn drivers() -> Vec<PathBuf> {
    let mut drivers: Vec<PathBuf> = FOLDERS
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    drivers.sort();
    drivers
}

/// The driver that draws without a graphics card (lavapipe), for this processor if there are more.
pub fn software(drivers: &[PathBuf]) -> Option<&Path> {
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let software = |path: &&PathBuf| name(path).is_some_and(|name| name.starts_with("lvp_icd"));
    let fits = |path: &&PathBuf| name(path).is_some_and(|name| name.contains(env::consts::ARCH));
    let mut found = drivers.iter().filter(software);
    found.clone().find(fits).or_else(|| found.next()).map(PathBuf::as_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|name| Path::new("/icd").join(name)).collect()
    }

    #[test]
    fn a_graphics_card_is_no_software_driver() {
        assert_eq!(software(&files(&["intel_icd.x86_64.json", "radeon_icd.json"])), None);
    }

    #[test]
    fn the_driver_of_this_processor_is_preferred() {
        let own = format!("lvp_icd.{}.json", env::consts::ARCH);
        let drivers = files(&["lvp_icd.another.json", &own]);
        assert_eq!(software(&drivers), Some(drivers[1].as_path()));
    }

    #[test]
    fn a_driver_that_names_no_processor_will_do() {
        let drivers = files(&["intel_icd.json", "lvp_icd.json"]);
        assert_eq!(software(&drivers), Some(drivers[1].as_path()));
    }
}
