-- Of writes that wait to be sorted in, 256 kB: half the price of a write, and nothing that a search feels.
ALTER INDEX "resources_search" SET (fastupdate = true, gin_pending_list_limit = 256);
