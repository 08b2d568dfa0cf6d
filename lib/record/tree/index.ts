export { Frontier, type TileNode, tileWidth } from './frontier';
export { emptyRoot, hashBytes, leafHash, nodeHash } from './hash';
export {
  consistencyProof,
  inclusionProof,
  type LoadTiles,
  rootOf,
  type TilePlace,
  TreeIncomplete,
} from './proof';
export { isConsistent, isIncluded, rootByInclusion } from './verify';
