# beta = argmin Q_alpha s.t. X beta = y at 320 digits, by Newton on the dual with continuation
import mpmath as mp, json, sys
mp.mp.dps = 320
def solve(X, y, D, alpha, shape=None):
    n=len(X); d=len(X[0]); X=mp.matrix(X); y=mp.matrix(y)
    al=mp.mpf(alpha); shape=shape or [1]*d
    s=[(al*mp.mpf(w))**D for w in shape]; p=mp.mpf(D)/(D-2) if D>2 else None
    def h(z):
        if D==2: return 2*mp.sinh(z)
        return (1-z)**(-p)-(1+z)**(-p)
    def dh(z):
        if D==2: return 2*mp.cosh(z)
        return p*((1-z)**(-p-1)+(1+z)**(-p-1))
    def Psi(z):
        if D==2: return 2*mp.cosh(z)-2
        q=mp.mpf(2)/(D-2); return mp.mpf(D-2)/2*((1-z)**(-q)+(1+z)**(-q)-2)
    ymax=max(abs(v) for v in y)
    fac=max(mp.mpf(1), 1000*ymax/min(s)); rungs=int(mp.ceil(mp.log(fac)/mp.log(8)))
    nu=mp.zeros(n,1)
    def zof(nu): return X.T*nu
    def obj(nu,ss):
        z=zof(nu)
        if D>2 and any(abs(v)>=1 for v in z): return mp.inf
        return sum(ss[i]*Psi(z[i]) for i in range(d))-(y.T*nu)[0]
    for rung in range(rungs,-1,-1):
        f=fac**(mp.mpf(rung)/max(rungs,1)); ss=[v*f for v in s]
        for it in range(400):
            z=zof(nu); b=mp.matrix([ss[i]*h(z[i]) for i in range(d)]); r=y-X*b
            H=mp.zeros(n,n)
            for i in range(d):
                w=ss[i]*dh(z[i])
                for a in range(n):
                    for c in range(n): H[a,c]+=w*X[a,i]*X[c,i]
            step=mp.lu_solve(H,r); dec=(r.T*step)[0]
            if dec < mp.mpf(10)**(-120)*ymax**2*mp.mpf(10)**(-100): break
            L=mp.mpf(1); o=obj(nu,ss)
            while obj(nu+L*step,ss) > o - L*dec/10 and L>mp.mpf(10)**-60: L/=2
            nu=nu+L*step
        else: print('no conv',rung,mp.nstr(dec),file=sys.stderr)
    z=zof(nu); return [s[i]*h(z[i]) for i in range(d)]
if __name__=='__main__':
    cases=[]
    A=[[1,2,-1],[0,1,1]]; ya=[1,.5]
    B=[[1,1,2,0,-1],[0,1,1,3,1]]; yb=[2,1]           # integers
    C=[[1,1,0,2],[0,0,1,1]]; yc=[1,1]                # two equal columns: ties at every alpha
    S=[[1,2,0,1,3],[2,1,1,0,-1],[0,1,2,-1,1]]; ysp=[2,1,1]   # y is the second column: support below the rank
    E=[[1,-2,3]]; ye=[-4]
    T=[[2,0,1,-1],[0,2,1,3]]; yt=[3,1]            # a column between two others: a tie that only the starts decide
    for name,X,y,shape in [('spec',A,ya,None),('integers',B,yb,None),('equal columns',C,yc,None),('sparse targets',S,ysp,None),('one row',E,ye,[1,2,.5]),('a column between others',T,yt,[1,1,2,1])]:
        tie = name == 'a column between others'
        for D in [3,4,10] if tie else [2,3,4,6,10]:
            for alpha in ['1e-10','1e-3','0.1'] if tie else ['1e-10','1e-6','1e-3','0.1','1','10']:
                b=solve(X,y,D,alpha,shape)
                cases.append(dict(name=name,inputs=sum(X,[]),targets=y,depth=D,alpha=float(alpha),shape=shape,map=[float(mp.nstr(v,20)) for v in b]))
        print(name,file=sys.stderr)
    json.dump(cases, open(sys.argv[1], 'w'))
