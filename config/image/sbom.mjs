#!/usr/bin/env node
// The bill of materials of an image in CycloneDX, from the lock files alone: the same commit gives the same bytes.
//
//   config/image/sbom.mjs IMAGE .NET-VERSION RID [ROOTFS]     IMAGE is operator or runtime; to standard output
//
// With the image's root filesystem (make rootfs) its Debian packages are named too. What only builds, such as analyzers, is
// in it with the scope "excluded".
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [image, dotnet, rid, rootfs] = process.argv.slice(2);
const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const locks = { operator: 'operator/Operator/packages.lock.json', runtime: 'inference-runtime/Runtime/packages.lock.json' };
if (!locks[image] || !/^\d+\.\d+\.\d+/.test(dotnet ?? '') || !rid) {
  console.error('usage: config/image/sbom.mjs operator|runtime .NET-VERSION RID [ROOTFS]');
  process.exit(2);
}

const text = (...path) => readFileSync(join(checkout, ...path), 'utf8');
const json = (...path) => JSON.parse(text(...path));
const sha512 = base64 => [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }];
const component = (purl, name, version, more = {}) => ({ type: 'library', 'bom-ref': purl, name, version, purl, ...more });

const props = text('Directory.Build.props');
const version = props.match(/<Version>(.+?)<\/Version>/)[1];
const builds = new Set([...props.matchAll(/<GlobalPackageReference Include="(.+?)"/g)].map(m => m[1]).concat('Microsoft.NET.ILLink.Tasks'));

function* packages() {
  for (const [framework, all] of Object.entries(json(locks[image]).dependencies)) {
    if (framework.includes('/') && !framework.endsWith(`/${rid}`)) continue;
    for (const [name, locked] of Object.entries(all)) {
      if (locked.type === 'Project') continue;
      yield component(`pkg:nuget/${name}@${locked.resolved}`, name, locked.resolved, {
        scope: builds.has(name) ? 'excluded' : 'required', hashes: sha512(locked.contentHash),
      });
    }
  }
}

function* frameworks() {
  for (const name of ['Microsoft.NETCore.App', 'Microsoft.AspNetCore.App']) {
    const pack = `${name}.Runtime.${rid}`;
    yield component(`pkg:nuget/${pack}@${dotnet}`, pack, dotnet, { type: 'framework', scope: 'required' });
  }
}

function* native() {
  if (image !== 'runtime') return;
  const locked = json('inference-runtime/Onnx/native/package-lock.json').packages['node_modules/onnxruntime-node'];
  yield component(`pkg:npm/onnxruntime-node@${locked.version}`, 'onnxruntime-node', locked.version, {
    scope: 'required', description: 'ONNX Runtime: its native library is the only file that is taken.',
    licenses: [{ license: { id: locked.license } }], hashes: sha512(locked.integrity.replace(/^sha512-/, '')),
  });
}

function* system() {
  const folder = rootfs && join(rootfs, 'var/lib/dpkg/status.d');
  if (!folder) return;
  if (!existsSync(folder)) throw new Error(`${folder} is missing; run 'make rootfs' first`);
  for (const file of readdirSync(folder).sort()) {
    const field = name => readFileSync(join(folder, file), 'utf8').match(new RegExp(`^${name}: (.+)$`, 'm'))?.[1];
    const [name, installed, arch] = ['Package', 'Version', 'Architecture'].map(field);
    yield component(`pkg:deb/debian/${name}@${encodeURIComponent(installed)}?arch=${arch}`, name, installed, { scope: 'required' });
  }
}

// A package may stand in a lock file once for every platform, and again for one.
const components = [...new Map([...packages(), ...frameworks(), ...native(), ...system()].map(c => [c.purl, c])).values()];
const itself = `pkg:generic/sluice-${image}@${version}`;
console.log(JSON.stringify({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', bomFormat: 'CycloneDX', specVersion: '1.6', version: 1,
  metadata: {
    component: {
      type: 'container', 'bom-ref': itself, name: `sluice-${image}`, version, purl: itself, licenses: [{ license: { id: 'Apache-2.0' } }],
    },
  },
  components,
  dependencies: [{ ref: itself, dependsOn: components.filter(c => c.scope !== 'excluded').map(c => c['bom-ref']) }],
}, null, 2));
