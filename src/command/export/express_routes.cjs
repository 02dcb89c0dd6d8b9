// Writes the routes of an Express application, version 4 or 5, as a route manifest for `mcpsentry audit`.
//
//     node express_routes.cjs ./app.js routes.json
//     node --require ./express_routes.cjs server.js        (a server that ends; MCPSENTRY_ROUTES names the file)
//
// Express 5 forgets what its routes were written as, so this listens while they are made. What the handlers read and
// answer is not known to Express, and the manifest leaves it open.
'use strict';

const fs = require('fs');
const Module = require('module');
const path = require('path');
const { pathToFileURL } = require('url');

/** More methods than HTTP has: `app.all` of Express 4 takes every method that Node knows, one by one. */
const EVERY = 9;

/** Middleware of Express 4 itself. */
const OWN = new Set(['query', 'expressInit']);

/** What was put into each router, in order. */
const contents = new WeakMap();
/** The applications that were made, and those of them that another one took in. */
const applications = [];
const taken = new Set();
/** Applications that `app.use` is about to hide in functions of its own. */
const hidden = [];
const patched = new WeakSet();

const flatten = (values) => [values].flat(Infinity);
const isApplication = (value) => typeof value === 'function' && typeof value.handle === 'function' && typeof value.set === 'function';
const isPath = (value) => typeof value === 'string' || value instanceof RegExp;

function remember(router, entry) {
  if (!contents.has(router)) contents.set(router, []);
  contents.get(router).push(entry);
}

/** Path and handlers of the arguments of `use`. */
function parts(values) {
  const first = flatten(values[0]);
  const written = first.length > 0 && first.every(isPath);
  return { paths: written ? first : [''], handlers: flatten(written ? values.slice(1) : values) };
}

function patchRouter(prototype) {
  if (!prototype || patched.has(prototype)) return;
  patched.add(prototype);
  const { use, route } = prototype;
  prototype.use = function (...values) {
    const { paths, handlers } = parts(values);
    const seen = handlers.map((each) => (each && each.name === 'mounted_app' && hidden.length ? hidden.shift() : each));
    remember(this, { paths, handlers: seen });
    return use.apply(this, values);
  };
  prototype.route = function (written) {
    const made = route.call(this, written);
    remember(this, { paths: flatten(written), route: made });
    return made;
  };
}

function patchExpress(express) {
  if (!express || !express.application || !express.Router || patched.has(express)) return express;
  patched.add(express);
  // In Express 4 the function is the prototype.
  patchRouter(express.Router.prototype && express.Router.prototype.use ? express.Router.prototype : express.Router);
  const { init, use } = express.application;
  express.application.init = function (...values) {
    applications.push(this);
    return init.apply(this, values);
  };
  express.application.use = function (...values) {
    const inner = parts(values).handlers.filter(isApplication);
    inner.forEach((each) => taken.add(each));
    hidden.push(...inner);
    const result = use.apply(this, values);
    hidden.length = 0;
    return result;
  };
  return express;
}

function join(prefix, written) {
  if (written instanceof RegExp) return prefix ? `${prefix}/(${written.source})` : String(written);
  const whole = `${prefix.replace(/\/+$/, '')}/${written.replace(/^\/+/, '')}`;
  return whole.length > 1 ? whole.replace(/\/+$/, '') : whole;
}

const nameOf = (handler) => (handler && handler.name) || '<anonymous>';

/** The router that an application or a router is. */
function routerOf(value) {
  if (!isApplication(value)) return value;
  return contents.has(value._router) ? value._router : value.router;
}

/** The middleware that a path passes, by name. */
function passed(guards, whole) {
  const lies = (prefix) => prefix === '' || prefix === '/' || whole === prefix || whole.startsWith(`${prefix}/`);
  return guards.filter((guard) => lies(guard.prefix) && !OWN.has(guard.name)).map((guard) => guard.name);
}

function* operations(route, whole, guards) {
  const methods = Object.keys(route.methods).filter((method) => method !== '_all');
  const every = route.methods._all || methods.length > EVERY;
  for (const method of every ? ['ANY'] : methods) {
    const handlers = route.stack.filter((layer) => every || !layer.method || layer.method === method).map((layer) => layer.handle);
    const names = [...new Set(handlers)].map(nameOf);
    const handler = names.pop();
    const entry = { path: whole, methods: [method.toUpperCase()], middleware: [...passed(guards, whole), ...names] };
    if (handler && handler !== '<anonymous>') entry.handler = handler;
    yield entry;
  }
}

function* walk(value, prefix, inherited, above) {
  const router = routerOf(value);
  if (above.includes(router)) return;
  const guards = [...inherited];
  for (const entry of contents.get(router) || []) {
    if (entry.route) {
      for (const written of entry.paths) yield* operations(entry.route, join(prefix, written), guards);
      continue;
    }
    const inner = entry.handlers.filter((each) => isApplication(each) || contents.has(each));
    const plain = entry.handlers.filter((each) => typeof each === 'function' && !inner.includes(each)).map(nameOf);
    for (const written of entry.paths) {
      const below = written === '' ? prefix : join(prefix, written);
      guards.push(...plain.map((name) => ({ prefix: below, name })));
      for (const each of inner) yield* walk(each, below, guards, [...above, router]);
    }
  }
}

function write(target) {
  const roots = applications.filter((each) => !taken.has(each));
  const seen = new Set();
  const routes = roots.flatMap((root) => [...walk(root, '', [], [])]).filter((entry) => {
    const key = `${entry.methods} ${entry.path} ${entry.handler}`;
    return !seen.has(key) && seen.add(key);
  });
  const manifest = { mcpsentry: 1, framework: 'express', routes };
  fs.writeFileSync(target, JSON.stringify(manifest, null, 1));
  process.stderr.write(`${routes.length} routes in ${target}\n`);
  if (routes.length === 0) {
    process.stderr.write('no routes: is this the application that serves them?\n');
    process.exitCode = 1;
  }
}

const load = Module._load;
Module._load = function (...values) {
  return patchExpress(load.apply(this, values));
};

/** Applications that are ES modules get Express without the loader above, so it is changed before they do. */
function patchFrom(folder) {
  try {
    patchExpress(load(require.resolve('express', { paths: [folder] }), module, false));
  } catch {
    // It is not installed there, and whoever needs it will say so.
  }
}

async function main() {
  const [, , application, target = 'routes.json'] = process.argv;
  if (!application) {
    process.stderr.write('usage: node express_routes.cjs ./app.js routes.json\n');
    process.exit(2);
  }
  const file = path.resolve(application);
  patchFrom(path.dirname(file));
  await import(pathToFileURL(file).href);
  write(target);
  process.exit();
}

if (require.main === module || !module.filename || module.id === '[stdin]') {
  main().catch((error) => {
    console.error(error);
    process.exit(1);
  });
} else {
  patchFrom(process.cwd());
  process.on('exit', () => write(process.env.MCPSENTRY_ROUTES || 'routes.json'));
}
