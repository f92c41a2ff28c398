/**
 * Two builds: the page (dist/client) and the server (dist/server, npm packages left outside).
 * Everything the page loads but index.html lies under assets/, named by its content, so that it can
 * be cached for good; index.html is rewritten to name those files.
 */
import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createRequire, isBuiltin } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import commonjs from "@rollup/plugin-commonjs";
import nodeResolve from "@rollup/plugin-node-resolve";
import { transform } from "esbuild";
import esbuild from "rollup-plugin-esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** Bytes below which a compressed copy saves no packet. */
const SMALLEST_COMPRESSED = 1400;

/** Empties a build's folder before it is written, so that nothing of an earlier build is served. */
const emptyFolder = (folder) => ({
  name: "empty-folder",
  buildStart: () => rm(join(root, folder), { recursive: true, force: true }),
});

/**
 * Makes every `new URL("./other.ts", import.meta.url)` (a worker's entry) a chunk of its own, and of every
 * "package/file.wasm" an asset, and puts their URLs in its place. Vite and Node read the first form from the sources.
 */
const fileUrls = () => ({
  name: "file-urls",
  async transform(code, id) {
    const pattern = /new URL\(\s*"([^"]+\.(?:ts|wasm))",\s*import\.meta\.url\s*,?\s*\)/g;
    if (!pattern.test(code)) return null;
    const replaced = code.replace(pattern, (whole, file) => {
      const reference = this.emitFile(
        file.endsWith(".ts")
          ? { type: "chunk", id: resolve(dirname(id), file) }
          : { type: "asset", name: basename(file), source: readFileSync(require.resolve(file)) },
      );
      // As many lines as before, so that the old map still holds.
      const lines = "\n".repeat(whole.split("\n").length - 1);
      return `new URL(import.meta.ROLLUP_FILE_URL_${reference}${lines})`;
    });
    return { code: replaced, map: null };
  },
});

/** index.html with its script and its stylesheets replaced by the files built from them. */
const page = (template) => ({
  name: "page",
  async generateBundle(_options, bundle) {
    let html = await readFile(template, "utf8");
    const entry = Object.values(bundle).find(
      (chunk) => chunk.type === "chunk" && chunk.name === "main",
    );
    const swap = (from, to) => {
      if (!html.includes(from)) this.error(`${template} does not name ${from}`);
      html = html.replace(from, to);
    };
    swap(/src="([^"]*main\.(?:ts|js))"/.exec(html)?.[0] ?? "main.ts", `src="${entry.fileName}"`);
    for (const [link, href] of html.matchAll(/href="([^"]+\.css)"/g)) {
      const { code } = await transform(await readFile(join(dirname(template), href), "utf8"), {
        loader: "css",
        minify: true,
      });
      const reference = this.emitFile({
        type: "asset",
        name: href.split("/").at(-1),
        source: code,
      });
      swap(link, `href="${this.getFileName(reference)}"`);
    }
    this.emitFile({ type: "asset", fileName: "index.html", source: html });
  },
});

/** Compressed copies beside what gains by them; the server gives them to whoever takes them. */
const compressedCopies = () => ({
  name: "compressed-copies",
  async writeBundle({ dir }, bundle) {
    const names = Object.keys(bundle).filter((name) => /\.(js|css|html|wasm)$/.test(name));
    for (const name of names) {
      const content = await readFile(join(dir, name));
      if (content.length < SMALLEST_COMPRESSED) continue;
      const hint = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
      await writeFile(join(dir, `${name}.br`), brotliCompressSync(content, hint));
      await writeFile(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
    }
  },
});

/**
 * Node's modules, empty: emscripten's glue has branches for Node that a browser never takes, but an
 * import that cannot be resolved would stop the whole module.
 */
const noNodeModules = () => ({
  name: "no-node-modules",
  resolveId: (id, importer) =>
    isBuiltin(id) && importer?.includes("node_modules") ? `\0empty:${id}` : null,
  load: (id) => (id.startsWith("\0empty:") ? "export default {};" : null),
});

/** A warning of ours is an error: a build that leaves something unexplained is not done. */
const onwarn = (warning, warn) => {
  const ofPackages = /node_modules/.test(warning.id ?? warning.ids?.[0] ?? "");
  // tfjs' modules import each other in circles, and its emscripten glue says `this` at top level.
  if (ofPackages && ["CIRCULAR_DEPENDENCY", "THIS_IS_UNDEFINED"].includes(warning.code)) return;
  warn(warning);
  throw new Error(`the build warns: ${warning.message}`);
};

const compile = (options) =>
  esbuild({
    target: "es2022",
    tsconfig: join(root, "tsconfig.json"),
    sourceMap: true,
    loaders: { ".json": "json" },
    ...options,
  });

const client = {
  input: { main: join(root, "client/main.ts") },
  onwarn,
  output: {
    dir: "dist/client",
    format: "es",
    sourcemap: true,
    entryFileNames: "assets/[name]-[hash].js",
    chunkFileNames: "assets/[name]-[hash].js",
    assetFileNames: "assets/[name]-[hash][extname]",
  },
  plugins: [
    emptyFolder("dist/client"),
    fileUrls(),
    noNodeModules(),
    nodeResolve({ browser: true, extensions: [".ts", ".js"] }),
    commonjs(),
    // tfjs-core asks for node-fetch and util with require() where it finds itself in Node.
    compile({ minify: true, logOverride: { "unsupported-require-call": "silent" } }),
    page(join(root, "client/index.html")),
    compressedCopies(),
  ],
};

const packages = Object.keys(
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies,
);

const server = {
  input: { main: join(root, "server/main.ts") },
  onwarn,
  external: (id) =>
    id.startsWith("node:") || packages.some((name) => id === name || id.startsWith(`${name}/`)),
  output: {
    dir: "dist/server",
    format: "es",
    sourcemap: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
  },
  plugins: [
    emptyFolder("dist/server"),
    fileUrls(),
    nodeResolve({ extensions: [".ts", ".js"] }),
    compile({}),
  ],
};

export default [client, server];
