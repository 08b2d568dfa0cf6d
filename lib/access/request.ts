export { factsOf, type RequestFacts, requestFacts } from '@/lib/request';
