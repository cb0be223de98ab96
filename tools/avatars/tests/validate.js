// Runs the Khronos glTF validator on files: node validate.js FILE...
const fs = require("fs");
const path = require("path");
const validator = require(require.resolve("gltf-validator", { paths: [process.cwd(), __dirname] }));

(async () => {
  let bad = 0;
  for (const file of process.argv.slice(2)) {
    const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)), { maxIssues: 20 });
    const { numErrors, numWarnings } = report.issues;
    console.log(`${path.basename(file)}: ${numErrors} errors, ${numWarnings} warnings`);
    report.issues.messages.filter((m) => m.severity < 2).forEach((m) => console.log("  ", m.code, m.pointer));
    bad += numErrors;
  }
  process.exit(bad ? 1 : 0);
})();
