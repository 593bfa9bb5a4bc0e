// Saves and restores with the official client: node cache.mjs (save | restore) PATH KEY [RESTORE_KEY...]
import { restoreCache, saveCache } from '@actions/cache'

const [verb, path, key, ...restoreKeys] = process.argv.slice(2)
const result = verb === 'save' ? await saveCache([path], key) : await restoreCache([path], key, restoreKeys)
console.log(`result ${JSON.stringify(result ?? null)}`)
