/** The look of the fault page: one file of its own, light and dark, down to 360 pixels. */
export const style = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif;
--page:light-dark(#f4f5f8,#14161b);--card:light-dark(#fff,#1d2027);--line:light-dark(#d9dce3,#343843);
--quiet:light-dark(#5a6070,#a3a9b8);--bad:light-dark(#b3261e,#ff8a80);--bad-soft:light-dark(#fdecea,#3a1f1d);
--link:light-dark(#1d4ed8,#8ab4ff)}
*{box-sizing:border-box}
body{margin:0;background:var(--page)}
main,header{width:min(62rem,100%);margin:0 auto;padding:1rem}
header{padding-bottom:0}
h1{font-size:1.4rem;line-height:1.25;margin:.25rem 0}
h2{font-size:1.05rem;margin:0 0 .5rem}
p{margin:.25rem 0 .75rem;color:var(--quiet)}
a{color:var(--link)}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
nav [aria-current]{font-weight:600;color:inherit;text-decoration:none}
section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem;margin:0 0 1rem}
.grid{display:grid;gap:.5rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr))}
button,select{font:inherit;color:inherit;background:transparent;border:1px solid var(--line);
border-radius:.5rem;padding:.4rem .7rem;min-height:2.5rem;max-width:100%}
select{background:var(--card)}
button{cursor:pointer}
button:hover,button:focus-visible{border-color:currentColor}
button.preset{text-align:left;width:100%;height:100%}
button.preset b{display:block}
button.preset span{display:block;font-size:.85rem;color:var(--quiet)}
.bad{color:var(--bad);border-color:var(--bad)}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin:0 0 .75rem}
label{display:grid;min-width:0;grid-template-columns:minmax(0,1fr);font-size:.85rem;color:var(--quiet);max-width:100%}
ul{list-style:none;margin:0;padding:0}
li.fault{display:flex;flex-wrap:wrap;gap:.25rem .75rem;padding:.5rem .75rem;margin:0 0 .5rem;
border-radius:.5rem;background:var(--bad-soft);overflow-wrap:anywhere}
.account{border-top:1px solid var(--line);padding:.75rem 0}
.account:first-of-type{border-top:0}
.account h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
.account small,.quiet{color:var(--quiet)}
details{margin:.25rem 0;font-size:.9rem}
details code{display:inline-block;margin:.1rem .4rem .1rem 0;overflow-wrap:anywhere}
form{display:contents}
.actions{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.5rem 0 0}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.85rem}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.path{overflow-wrap:anywhere;min-width:11rem}
td.number{font-variant-numeric:tabular-nums;white-space:nowrap}
tr.faulted td{color:var(--bad)}
`;

/** Keeps the page up to date, and sends its forms without leaving it. Without it the page works too. */
export const script = `
const parts=['faults','accounts','requests'];
async function renew(response){
  const page=new DOMParser().parseFromString(await response.text(),'text/html');
  for(const id of parts){
    const now=document.getElementById(id),next=page.getElementById(id);
    if(now&&next&&!now.contains(document.activeElement)&&now.innerHTML!==next.innerHTML){
      const open=[...now.querySelectorAll('details')].map((one)=>one.open);
      now.innerHTML=next.innerHTML;
      now.querySelectorAll('details').forEach((one,at)=>{one.open=open[at]??false});
    }
  }
}
document.addEventListener('submit',async(event)=>{
  event.preventDefault();
  const body=new URLSearchParams(new FormData(event.target,event.submitter));
  document.activeElement?.blur();
  const answer=await fetch('/__do',{method:'POST',body});
  await renew(answer.redirected?answer:await fetch('/__'));
});
setInterval(async()=>{
  if(document.hidden)return;
  try{await renew(await fetch('/__'))}catch{}
},2000);
`;
