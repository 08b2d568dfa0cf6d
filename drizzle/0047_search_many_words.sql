-- A search by words stays quick whatever words and names there are. PostgreSQL keeps 32 patterns ready:
-- with more words than that each pattern was made anew for each name, and a search of names that bear
-- nearly all of them held its connection for 20 seconds. So many words are looked up in the index.
-- Descriptions are compared by the same patterns as names: to take separators out of a long one first
-- took twenty times as long as reading it. And a word of 64 letters is compared once more, like longer
-- ones: a token has no more, and told none apart that goes on.
-- The schema's owner may drop what is in it and belongs to another; so the function is made anew.
DROP FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer, integer);--> statement-breakpoint
CREATE FUNCTION search.resources(
  part text, words text, field text, value text,
  of_kind text, of_connection uuid, presence text, after uuid, most integer, ordered integer DEFAULT NULL
) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 COST 10000
  SET search_path = pg_catalog, pg_temp
  SET plan_cache_mode = force_custom_plan
  SET max_parallel_workers_per_gather = 0
  SET enable_sort = off
  SET work_mem = '32MB'
  AS $body$
declare
  tenant uuid := public.current_tenant();
  own text := encode(decode(right(tenant::text, 12), 'hex'), 'base64');
  needle text := lower(part);
  like_needle text := '%' || replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  separator text := E'[ !-/:-@[-`{-~\t\n\r\u00a0\u00a1\u00ab\u00bb\u00bf\u2010-\u2014\u2018\u2019\u201c-\u201e\u2026\u3000-\u3002\uff08\uff09\uff0c]';
  terms text[];
  term text;
  whole boolean;
  like_terms text[] := '{}';
  pattern text;
  word_patterns text[] := '{}';
  -- Of words that fill a token, or more than that.
  long_patterns text[] := '{}';
  tokens text := '';
  wanted tsquery;
  start text := '';
  start_id uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  page integer := least(coalesce(ordered, most), most);
  hits uuid[] := '{}';
  -- Names lie in the index: where they are all that tells rows apart, the rest of a row is read for
  -- those that fit.
  named boolean;
  by_name boolean;
  -- Rows that are read in the order of names before it is decided how to go on. One that has to be
  -- read itself costs ten times as much as its name.
  budget integer;
  goal integer := most;
  step integer := 1;
  kept integer;
  -- How many of a thousand fit.
  density integer;
  seldom boolean := false;
begin
  if tenant is null then
    return;
  end if;
  -- Whatever needs no query is put together without one: each is planned anew.
  if words is not null then
    terms := array_remove(string_to_array(search.resource_words(lower(words), '{}'), ' '), '');
    for at in 1 .. coalesce(cardinality(terms), 0) loop
      -- A word has no sign of a pattern in it: those are separators. The last one may go on.
      term := terms[at];
      whole := at < cardinality(terms);
      like_terms := like_terms || ('%' || term || '%');
      pattern := '(^|' || separator || ')' || term || case when whole then '($|' || separator || ')' else '' end;
      word_patterns := word_patterns || pattern;
      if length(term) >= 64 then
        long_patterns := long_patterns || pattern;
      end if;
      tokens := tokens || ' & ''' || own || 'w' || left(term, 64) || '''' || case when whole then '' else ':*' end;
    end loop;
  end if;
  named := (needle is not null or terms is not null)
    and value is null and of_kind is null and of_connection is null and presence <> 'gone';
  by_name := named and terms is null;
  budget := case when by_name then 1000 else 250 end;
  if after is not null then
    select r.sort_name into start from public.resources r where r.tenant_id = tenant and r.id = after;
    if start is null then
      return;
    end if;
  end if;

  -- Every second pair of letters has all of them; what is found is compared once more anyway.
  if needle is not null and length(needle) > 0 then
    for at in 1 .. greatest(length(needle) - 1, 1) loop
      if at % 2 = 1 or at = length(needle) - 1 then
        tokens := tokens || ' & ''' || own || 'n' || replace(replace(substr(needle, at, 2), '\', '\\'), '''', '''''')
          || '''' || case when length(needle) = 1 then ':*' else '' end;
      end if;
    end loop;
  end if;
  if length(value) <= 100 and value !~ '^(https?://|[0-9])' then
    tokens := tokens || ' & ''' || own || 'f' || to_hex(hashtextextended(field || '=' || value, 0)) || '''';
  end if;
  if of_kind is not null then
    tokens := tokens || ' & ''' || own || 'k' || replace(replace(of_kind, '\', '\\'), '''', '''''') || '''';
  end if;
  if of_connection is not null then
    tokens := tokens || ' & ''' || own || 'c' || encode(decode(right(of_connection::text, 12), 'hex'), 'base64') || '''';
  end if;
  if presence = 'gone' then
    tokens := tokens || ' & ''' || own || 'g''';
  end if;

  if cardinality(terms) > 16 then
    -- PostgreSQL keeps a few patterns ready, and makes more of them anew for each name.
    seldom := true;
  elsif terms is not null then
    -- Names tell from the index alone how frequent these words are.
    select count(*) into density from (
        select r.sort_name from public.resources r
         where r.tenant_id = tenant and (r.sort_name, r.id) > (start, start_id)
         order by r.sort_name, r.id limit 1000) s
      where s.sort_name like all (like_terms) and s.sort_name ~ all (word_patterns);
    seldom := density * density < 4 * page and tokens <> '';
  end if;

  loop
    exit when seldom;
    -- Rows in order of their names, until there are enough: what is frequent is found at once.
    if by_name then
      hits := hits || array(
        select s.id from (
          select r.id, r.sort_name from public.resources r
           where r.tenant_id = tenant and (r.sort_name, r.id) > (start, start_id)
           order by r.sort_name, r.id limit budget) s
         where (needle is null or s.sort_name like like_needle)
           and (terms is null or s.sort_name like all (like_terms) and s.sort_name ~ all (word_patterns))
           and (presence = 'all'
                or (select (r.gone_at is null) = (presence = 'present')
                      from public.resources r where r.tenant_id = tenant and r.id = s.id))
         limit goal - cardinality(hits));
    else
      hits := hits || array(
        select s.id from (
          select r.id, r.sort_name, r.attributes, r.kind, r.connection_id, r.gone_at
            from public.resources r
           where r.tenant_id = tenant and (r.sort_name, r.id) > (start, start_id)
           order by r.sort_name, r.id limit budget) s
         where (needle is null or s.sort_name like like_needle)
           and (terms is null
                or s.sort_name like all (like_terms) and s.sort_name ~ all (word_patterns)
                or s.attributes ? 'description'
                   and (s.sort_name || ' ' || lower(left(s.attributes ->> 'description', 2000))) ~ all (word_patterns))
           and (value is null or s.attributes ->> field = value)
           and (of_kind is null or s.kind = of_kind)
           and (of_connection is null or s.connection_id = of_connection)
           and (presence = 'all' or (s.gone_at is null) = (presence = 'present'))
         limit goal - cardinality(hits));
    end if;
    if cardinality(hits) >= most or budget is null then
      return query select unnest(hits);
      return;
    end if;
    if step = 1 then
      perform from public.resources r
        where r.tenant_id = tenant and (r.sort_name, r.id) > (start, start_id)
        order by r.sort_name, r.id offset budget limit 1;
      if not found then
        return query select unnest(hits);
        return;
      end if;
    elsif kept is not null then
      -- By name alone, what is described by these words was not among them.
      hits := hits[1:kept];
    end if;
    -- Go on after the last one.
    if cardinality(hits) > 0 then
      start_id := hits[cardinality(hits)];
      select r.sort_name into start from public.resources r where r.tenant_id = tenant and r.id = start_id;
    end if;

    -- Reading on costs rows / density, the index costs density * size of them: these are the densities
    -- at which they are equal for a tenant of 200,000.
    density := cardinality(hits) * 1000 / case when by_name then 1000 when step = 1 then 250 else 1250 end;
    if step < 3 and cardinality(hits) >= page then
      -- What is left is only counted, in whatever order.
      budget := case when density >= case when named then 25 else 95 end then 20000 end;
      kept := case when named and not by_name then cardinality(hits) end;
      by_name := named;
      goal := most;
      step := 3;
    elsif step = 1 and by_name then
      goal := case when density >= 25 then most else page end;
      budget := case when 5 * density * density >= 2 * page then 40000 end;
      step := 3;
    elsif step = 1 then
      budget := case when density * density >= 4 * page then 1000 end;
      step := 2;
    elsif step = 2 then
      -- Twice as many as are likely to do: what many of the first rows have, the next may not.
      budget := case when density * density >= 4 * page then least(20000, 2000::bigint * page / density) end;
      goal := page;
      step := 3;
    else
      budget := null;
    end if;
    continue when budget is not null;

    exit when tokens <> '';
    -- Nothing that the index has: every row is read.
    by_name := false;
    goal := most;
    step := 3;
  end loop;
  wanted := substr(tokens, 4)::tsquery;

  -- Tokens begin with the tenant, so that the index holds nobody else's rows under them. The tenant
  -- is compared in a form that no other index serves.
  if cardinality(hits) >= page then
    return query select unnest(hits);
    return query
      select r.id from public.resources r
       where search.resource_tokens(r.tenant_id, r.sort_name, r.attributes, r.kind, r.connection_id, r.gone_at is not null) @@ wanted
         and r.tenant_id is not distinct from tenant
         and (needle is null or r.sort_name like like_needle)
         and (long_patterns = '{}'
              or (r.sort_name || coalesce(' ' || lower(left(r.attributes ->> 'description', 2000)), '')) ~ all (long_patterns))
         and (value is null or r.attributes ->> field = value)
         and (of_kind is null or r.kind = of_kind)
         and (of_connection is null or r.connection_id = of_connection)
         and (presence = 'all' or (r.gone_at is null) = (presence = 'present'))
         and (r.sort_name, r.id) > (start, start_id)
       limit most - cardinality(hits);
    return;
  end if;
  return query select unnest(hits);
  return query
    select r.id from public.resources r
     where search.resource_tokens(r.tenant_id, r.sort_name, r.attributes, r.kind, r.connection_id, r.gone_at is not null) @@ wanted
       and r.tenant_id is not distinct from tenant
       and (needle is null or r.sort_name like like_needle)
       and (long_patterns = '{}'
            or (r.sort_name || coalesce(' ' || lower(left(r.attributes ->> 'description', 2000)), '')) ~ all (long_patterns))
       and (value is null or r.attributes ->> field = value)
       and (of_kind is null or r.kind = of_kind)
       and (of_connection is null or r.connection_id = of_connection)
       and (presence = 'all' or (r.gone_at is null) = (presence = 'present'))
       and (r.sort_name, r.id) > (start, start_id)
     order by r.sort_name, r.id limit most - cardinality(hits);
end $body$;--> statement-breakpoint
REVOKE ALL ON FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer, integer) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer, integer) TO tenantry_app;--> statement-breakpoint
GRANT CREATE ON SCHEMA search TO tenantry_search;--> statement-breakpoint
ALTER FUNCTION search.resources(text, text, text, text, text, uuid, text, uuid, integer, integer) OWNER TO tenantry_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA search FROM tenantry_search;
