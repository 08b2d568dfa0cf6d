export { type PaletteHit, type PaletteHits, paletteQuery } from './contract';
export { searchWorkspace } from './workspace';
