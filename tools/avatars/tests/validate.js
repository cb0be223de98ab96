// Runs the Khronos glTF validator on files and folders: node validate.js PATH...
const fs = require("fs");
const path = require("path");
const validator = require(require.resolve("gltf-validator", { paths: [process.cwd(), __dirname] }));

const MAX_ISSUES = 20;
const WORST_SEVERITIES = 2; // errors and warnings

function avatarFiles(place) {
  if (!fs.statSync(place).isDirectory()) {
    return [place];
  }
  const files = fs.readdirSync(place).filter((name) => /\.vrma?$/.test(name));
  if (!files.length) {
    throw new Error(`${place}: no .vrm or .vrma file in it`);
  }
  return files.sort().map((name) => path.join(place, name));
}

async function validate(file) {
  const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)), { maxIssues: MAX_ISSUES });
  const { numErrors, numWarnings, messages } = report.issues;
  if (numErrors || numWarnings) {
    console.log(`${path.basename(file)}: ${numErrors} errors, ${numWarnings} warnings`);
  }
  for (const message of messages.filter((m) => m.severity < WORST_SEVERITIES)) {
    console.log(`  ${message.code} at ${message.pointer}: ${message.message}`);
  }
  return numErrors;
}

(async () => {
  let errors = 0;
  const files = process.argv.slice(2).flatMap(avatarFiles);
  for (const file of files) {
    // A file that is no glTF at all is rejected rather than reported on.
    errors += await validate(file).catch((error) => {
      console.log(`${path.basename(file)}: ${error}`);
      return 1;
    });
  }
  console.log(`${files.length} files, ${errors} errors`);
  process.exit(errors ? 1 : 0);
})();
