// dependency-cruiser reads TypeScript with the compiler's JavaScript interface, which TypeScript 7 does not have. The
// console's workspace holds a TypeScript 5 (for openapi-typescript); this hands it that one: `node --import` this file.
import { registerHooks } from 'node:module';

const typescript5 = new URL('../console/node_modules/typescript/', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const isAsked = /^typescript(\/|$)/.test(specifier) && context.parentURL?.includes('/dependency-cruiser/');
    if (!isAsked) return next(specifier, context);
    const file = specifier === 'typescript' ? 'lib/typescript.js' : specifier.slice('typescript/'.length);
    return { url: new URL(file, typescript5).href, shortCircuit: true };
  },
});
