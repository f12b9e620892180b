#!/usr/bin/env node
// Plain JavaScript that any Node can read: it says which one is needed before anything else is loaded.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `novu-graphql needs Node 22.19 or later, and this is Node ${process.versions.node}.\n`,
  );
  process.exit(1);
}

// The source where there is one; the package holds what was built of it.
const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
